using System.CommandLine;
using Provost.Agent;
using Provost.Cli.Output;

namespace Provost.Cli.Commands;

/// <summary>provost agent run: the supervisor itself. Started by `up`; hidden from help.</summary>
internal static class AgentCommand
{
    private static readonly Option<string> State = new("--state") { Description = "State directory", HelpName = "DIR", Required = true };

    public static Command Create()
    {
        var run = new Command("run", "Run the agent of a state directory") { State };
        run.Does(async invocation =>
        {
            await AgentHost.RunAsync(invocation.Parsed.GetRequiredValue(State), invocation.Time, invocation.Cancellation);
            return ExitCode.Success;
        });
        return new Command("agent", "The supervisor") { run }.Hide();
    }

    private static Command Hide(this Command command)
    {
        command.Hidden = true;
        return command;
    }
}
