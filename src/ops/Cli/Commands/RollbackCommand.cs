using System.CommandLine;
using Provost.Cli.Installations;
using Provost.Cli.Output;
using Provost.Runbooks.Deploy;
using Provost.Runbooks.Locks;

namespace Provost.Cli.Commands;

/// <summary>provost rollback: back to what was live before, release and configuration, by the same path as a deployment.</summary>
internal static class RollbackCommand
{
    private static readonly Argument<string?> Version = new("VERSION")
    {
        Description = "A release that was live, or the beginning of its name; without it what was live before",
        Arity = ArgumentArity.ZeroOrOne,
    };

    public static Command Create()
    {
        var command = new Command("rollback", "Go back to a release that was live, with its configuration of that time") { Version };
        command.AddCluster();
        command.Does(async invocation =>
        {
            if (invocation.IsOnKubernetes())
            {
                return await KubernetesVerbs.RollbackAsync(invocation, invocation.Parsed.GetValue(Version));
            }
            var loaded = invocation.Load().RequireMachine();
            var version = invocation.Parsed.GetValue(Version);
            using var alone = OperationLock.Take(loaded.State, $"rollback {version}".TrimEnd(), invocation.Time);
            // Before the ledger is asked what was live before: what an earlier command left may be live by now.
            await Releasing.SettleAsync(invocation, loaded);
            var (release, configuration) = new DeployHistory(loaded.State, invocation.Time).Before(version);
            var then = loaded.WithText(configuration);
            var request = new DeployRequest("rollback", then.Installation, then.SiteName, configuration, loaded.State, release, Environment.ProcessPath!) { Fence = alone.Lost };
            var code = DeployTalk.Write(invocation.Terminal, await Releasing.DeployAsync(invocation, loaded, request));
            if (code == ExitCode.Success && configuration != loaded.Text)
            {
                invocation.Terminal.Say($"note: {loaded.File ?? LoadedInstallation.DefaultFile} says something else than what is live now: the next provost deploy takes it up again");
            }
            return code;
        });
        return command;
    }
}
