using System.CommandLine;
using Provost.Cli.Installations;
using Provost.Cli.Output;

namespace Provost.Cli.Commands;

/// <summary>provost restart: starts replicas anew, one after the other, without dropping a request.</summary>
internal static class RestartCommand
{
    private static readonly Argument<string> Which = new("SERVICE") { Description = "A service or a replica: api, gateway-1" };

    private static readonly Option<bool> Force = Alone.Force();

    public static Command Create()
    {
        var command = new Command("restart", "Start replicas anew, one after the other") { Which, Force };
        command.Does(async invocation =>
        {
            var (loaded, which) = (invocation.Load(), invocation.Parsed.GetRequiredValue(Which));
            using var alone = Alone.Take(invocation, loaded, $"restart {which}", invocation.Parsed.GetValue(Force));
            await invocation.Target(loaded).RestartAsync(which, invocation.Cancellation);
            if (invocation.Terminal.Json)
            {
                invocation.Terminal.Write(new DoneAnswer(loaded.Installation.Name, $"restarted {which}"), AnswerJson.Plain.DoneAnswer);
            }
            return ExitCode.Success;
        });
        return command;
    }
}
