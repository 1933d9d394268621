using System.CommandLine;
using System.Globalization;
using Provost.Cli.Installations;
using Provost.Cli.Output;
using Provost.Runbooks;
using Provost.Runbooks.Backups.Making;
using Provost.Runbooks.Targets.Compose;
using Provost.Runbooks.Deploy;
using Provost.Runbooks.Locks;
using Provost.Runbooks.Releases;
using Provost.Topology.Model;

namespace Provost.Cli.Commands;

/// <summary>provost deploy: brings a release and the present provost.yaml live; nobody notices, or the old one stays.</summary>
internal static class DeployCommand
{
    private static readonly Argument<string?> Version = new("VERSION")
    {
        Description = "An installed release, or the beginning of its name; without it the release of this checkout is built",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private static readonly Option<string?> Canary = new("--canary") { Description = "Give the new replicas this share of the requests first, compare them with the old ones, then go on or return", HelpName = "10%" };
    private static readonly Option<int> CanaryTime = new("--canary-time") { Description = "How long they are compared", DefaultValueFactory = _ => 30, HelpName = "SECONDS" };
    private static readonly Option<bool> Contract = new("--contract") { Description = "Afterwards remove from the schema what no release since needs: older ones cannot come back then" };
    private static readonly Option<bool> Stores = new("--stores") { Description = "Renew the stores too: requests wait while each of them starts" };
    private static readonly Option<bool> NoBackup = new("--no-backup") { Description = "Do not take a backup before anything changes" };
    private static readonly Option<bool> Verbose = new("--verbose", "-v") { Description = "Show everything that the tools behind the steps say" };

    public static Command Create()
    {
        var command = new Command("deploy", "Bring a release and the present provost.yaml live without anybody noticing") { Version, Canary, CanaryTime, Contract, Stores, NoBackup, Verbose };
        command.AddCluster();
        command.Does(invocation => invocation.IsOnKubernetes() ? RunOnKubernetesAsync(invocation) : RunAsync(invocation));
        return command;
    }

    private static Task<ExitCode> RunOnKubernetesAsync(Invocation invocation)
    {
        var parsed = invocation.Parsed;
        // What the cluster does not do is not passed over in silence.
        if (new Option[] { Canary, CanaryTime, Contract }.FirstOrDefault(option => parsed.GetResult(option) is { Implicit: false }) is { } missing)
        {
            throw new OperationError(
                ErrorKind.Configuration, $"a site on Kubernetes has no {missing.Name}: its rollouts are the cluster's own", $"leave {missing.Name} out, or name a site with target: process or compose");
        }
        return KubernetesVerbs.DeployAsync(invocation, new ClusterDeployOptions(parsed.GetValue(Version), parsed.GetValue(Stores), !parsed.GetValue(NoBackup)));
    }

    private static async Task<ExitCode> RunAsync(Invocation invocation)
    {
        var loaded = invocation.Load().RequireMachine();
        var version = invocation.Parsed.GetValue(Version);
        _ = Percent(invocation.Parsed.GetValue(Canary));
        // Before anything is built or fetched: who comes second learns it at once.
        using var alone = OperationLock.Take(loaded.State, $"deploy {version ?? "this checkout"}", invocation.Time);
        var release = version is null
            ? await Releasing.CreateAsync(invocation, loaded, null, invocation.Parsed.GetValue(Verbose))
            : ReleaseFolder.Find(loaded.State, version);
        var request = new DeployRequest("deploy", loaded.Installation, loaded.SiteName, loaded.Text, loaded.State, release, Environment.ProcessPath!)
        {
            Fence = alone.Lost,
            Canary = Percent(invocation.Parsed.GetValue(Canary)),
            CanaryTime = TimeSpan.FromSeconds(invocation.Parsed.GetValue(CanaryTime)),
            Contract = invocation.Parsed.GetValue(Contract),
            Stores = invocation.Parsed.GetValue(Stores),
            Backup = invocation.Parsed.GetValue(NoBackup) ? null : cancellation => BackUpAsync(invocation, loaded, cancellation),
        };
        var report = await Releasing.DeployAsync(invocation, loaded, request);
        return DeployTalk.Write(invocation.Terminal, report);
    }

    private static async Task<string> BackUpAsync(Invocation invocation, LoadedInstallation loaded, CancellationToken cancellation) => loaded.Site.Target is Target.Compose
        ? await new ComposeBackup(loaded.TargetSite(), invocation.Time).CreateAsync(cancellation)
        : (await new BackupRunbook(loaded.BackupSite(), invocation.Time, invocation.Terminal.Say).CreateAsync(null, cancellation)).Id;

    private static int? Percent(string? share) => share switch
    {
        null => null,
        _ when int.TryParse(share.TrimEnd('%'), NumberStyles.None, CultureInfo.InvariantCulture, out var percent) && percent is > 0 and < 100 => percent,
        _ => throw new OperationError(ErrorKind.Configuration, $"\"{share}\" is no share of the requests", "give 1% to 99%"),
    };
}
