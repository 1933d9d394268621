using System.CommandLine;
using Provost.Cli.Installations;
using Provost.Cli.Output;
using Provost.Runbooks.Plans;

namespace Provost.Cli.Commands;

/// <summary>provost down: stops everything; data stay.</summary>
internal static class DownCommand
{
    private static readonly Option<bool> Force = Alone.Force();

    public static Command Create()
    {
        var command = new Command("down", "Stop everything; data stay") { Force };
        command.Does(async invocation =>
        {
            var loaded = invocation.Load();
            using var alone = Alone.Take(invocation, loaded, "down", invocation.Parsed.GetValue(Force));
            await new PlanRunner(invocation.Time, new PlanTalk(invocation.Terminal, false)).RunAsync(invocation.Target(loaded).Stop(), invocation.Cancellation);
            if (invocation.Terminal.Json)
            {
                invocation.Terminal.Write(new DoneAnswer(loaded.Installation.Name, "stopped"), AnswerJson.Plain.DoneAnswer);
            }
            return ExitCode.Success;
        });
        return command;
    }
}
