using System.CommandLine;
using System.CommandLine.Parsing;
using Provost.Cli.Output;
using Provost.Runbooks.Backtest;

namespace Provost.Cli.Commands;

/// <summary>provost backtest: how good the risk list and the forecast would have been on finished courses.</summary>
internal static class BacktestCommand
{
    private static readonly Option<DirectoryInfo?> Train = new("--train") { Description = "OULAD-shaped folder to calibrate on; together with --test", HelpName = "DIR" };
    private static readonly Option<DirectoryInfo?> Test = new("--test") { Description = "OULAD-shaped folder to judge on", HelpName = "DIR" };
    private static readonly Option<string?> Course = new("--course") { Description = "A course here: judges on the finished courses like it, as its page does", HelpName = "NAME" };

    public static Command Create()
    {
        var command = new Command("backtest", "Judge risk and forecast on finished courses") { Course, Train, Test };
        command.AddCluster();
        command.Validators.Add(OneOrTheOther);
        command.Does(async invocation =>
        {
            var terminal = invocation.Terminal;
            var json = invocation.Parsed.GetValue(Course) is { } course ? await OfCourseAsync(invocation, course) : await OfFoldersAsync(invocation);
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

    private static void OneOrTheOther(CommandResult result)
    {
        var (course, train, test) = (result.GetResult(Course) is not null, result.GetResult(Train) is not null, result.GetResult(Test) is not null);
        if (course ? train || test : !train || !test)
        {
            result.AddError(course
                ? "--course judges on courses of the installation, --train and --test on folders: give one or the other"
                : "backtest needs --course NAME, or both --train DIR and --test DIR");
        }
    }

    private static async Task<string> OfCourseAsync(Invocation invocation, string course)
    {
        using var platform = await invocation.OperatorAsync();
        return await platform.BacktestAsync(course, invocation.Cancellation);
    }

    private static Task<string> OfFoldersAsync(Invocation invocation)
    {
        var (parsed, loaded) = (invocation.Parsed, invocation.Load());
        var request = new BacktestRequest(loaded.State, Invocation.Checkout, parsed.GetRequiredValue(Train)!.FullName, parsed.GetRequiredValue(Test)!.FullName);
        return BacktestRunner.RunAsync(request, invocation.Time, new PlanTalk(invocation.Terminal, false), invocation.Cancellation);
    }
}
