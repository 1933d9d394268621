using System.CommandLine;
using Provost.Cli.Output;
using Provost.Runbooks;
using Provost.Runbooks.Targets.Process;

namespace Provost.Cli.Commands;

/// <summary>provost restart: starts replicas anew, one after the other, without dropping a request.</summary>
internal static class RestartCommand
{
    private static readonly Argument<string> Which = new("SERVICE") { Description = "A service or a replica: api, gateway-1" };

    public static Command Create()
    {
        var command = new Command("restart", "Start replicas anew, one after the other") { Which };
        command.Does(async invocation =>
        {
            var loaded = invocation.Load().RequireProcesses();
            using var agent = new AgentClient(loaded.State.AgentSocket);
            if (await agent.StatusAsync(invocation.Cancellation) is null)
            {
                throw new OperationError(ErrorKind.NotRunning, "no agent answers", "provost up -d brings it back");
            }
            var which = invocation.Parsed.GetRequiredValue(Which);
            var answer = await agent.RestartAsync(which, invocation.Cancellation);
            if (!answer.Done)
            {
                throw new OperationError(ErrorKind.NotReady, answer.Problem ?? "the agent gave no reason", $"provost logs {which}");
            }
            if (invocation.Terminal.Json)
            {
                invocation.Terminal.Write(new DoneAnswer(loaded.Installation.Name, $"restarted {which}"), AnswerJson.Plain.DoneAnswer);
            }
            return ExitCode.Success;
        });
        return command;
    }
}
