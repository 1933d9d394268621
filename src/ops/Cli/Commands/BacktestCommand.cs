using System.CommandLine;
using Provost.Cli.Output;
using Provost.Runbooks.Backtest;

namespace Provost.Cli.Commands;

/// <summary>provost backtest: how good the risk list and the forecast would have been on finished courses.</summary>
internal static class BacktestCommand
{
    private static readonly Option<DirectoryInfo> Train = new("--train") { Description = "OULAD-shaped folder to calibrate on", HelpName = "DIR", Required = true };
    private static readonly Option<DirectoryInfo> Test = new("--test") { Description = "OULAD-shaped folder to judge on", HelpName = "DIR", Required = true };

    public static Command Create()
    {
        var command = new Command("backtest", "Judge risk and forecast on finished courses") { Train, Test };
        command.Does(async invocation =>
        {
            var (terminal, loaded) = (invocation.Terminal, invocation.Load());
            var request = new BacktestRequest(
                loaded.State, Invocation.Checkout, invocation.Parsed.GetRequiredValue(Train).FullName, invocation.Parsed.GetRequiredValue(Test).FullName);
            var json = await BacktestRunner.RunAsync(request, invocation.Time, new PlanTalk(terminal, false), terminal.Say, invocation.Cancellation);
            if (terminal.Json)
            {
                terminal.Output.WriteLine(json);
            }
            else
            {
                BacktestTable.Write(terminal, json);
            }
            return ExitCode.Success;
        });
        return command;
    }
}
