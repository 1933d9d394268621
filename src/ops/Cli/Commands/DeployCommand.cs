using System.CommandLine;
using Provost.Cli.Installations;
using Provost.Cli.Output;
using Provost.Runbooks.Deploy;
using Provost.Runbooks.Locks;
using Provost.Runbooks.Releases;

namespace Provost.Cli.Commands;

/// <summary>provost deploy: brings a release and the present provost.yaml live; nobody notices, or the old one stays.</summary>
internal static class DeployCommand
{
    private static readonly Argument<string?> Version = new("VERSION")
    {
        Description = "An installed release, or the beginning of its name; without it the release of this checkout is built",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private static readonly Option<bool> Contract = new("--contract") { Description = "Afterwards remove from the schema what no release since needs: older ones cannot come back then" };
    private static readonly Option<bool> Stores = new("--stores") { Description = "Renew the stores too: requests wait while each of them starts" };
    private static readonly Option<bool> Verbose = new("--verbose", "-v") { Description = "Show everything that the tools behind the steps say" };

    public static Command Create()
    {
        var command = new Command("deploy", "Bring a release and the present provost.yaml live without anybody noticing") { Version, Contract, Stores, Verbose };
        command.Does(RunAsync);
        return command;
    }

    private static async Task<ExitCode> RunAsync(Invocation invocation)
    {
        var loaded = invocation.Load().RequireProcesses();
        var version = invocation.Parsed.GetValue(Version);
        // Before anything is built or fetched: who comes second learns it at once.
        using var alone = OperationLock.Take(loaded.State, $"deploy {version ?? "this checkout"}", invocation.Time);
        var release = version is null
            ? await Releasing.CreateAsync(invocation, loaded, null, invocation.Parsed.GetValue(Verbose))
            : ReleaseFolder.Find(loaded.State, version);
        var request = new DeployRequest("deploy", loaded.Installation, loaded.SiteName, loaded.Text, loaded.State, release, Environment.ProcessPath!)
        {
            Contract = invocation.Parsed.GetValue(Contract),
            Stores = invocation.Parsed.GetValue(Stores),
        };
        return DeployTalk.Write(invocation.Terminal, await Releasing.DeployAsync(invocation, request));
    }
}
