using Provost.Cli.Commands;
using Provost.Runbooks;
using Provost.Runbooks.Targets;
using Provost.Runbooks.Targets.Compose;
using Provost.Runbooks.Targets.Process;

namespace Provost.Cli.Installations;

/// <summary>The site that a verb is about, by what runs it.</summary>
internal static class Targets
{
    public static ITarget Target(this Invocation invocation) => invocation.Target(invocation.Load());

    public static ITarget Target(this Invocation invocation, LoadedInstallation loaded) => loaded.Site.Target switch
    {
        Topology.Model.Target.Process => new ProcessTarget(loaded.TargetSite(), invocation.Time),
        Topology.Model.Target.Compose => new ComposeTarget(loaded.TargetSite(), invocation.Time),
        var other => throw new OperationError(
            ErrorKind.Configuration, $"the site {loaded.SiteName} has target: {other.ToString().ToLowerInvariant()}, which this verb does not run yet", "choose a site with target: process or compose"),
    };

    public static TargetSite TargetSite(this LoadedInstallation loaded) => new(loaded.Installation, loaded.SiteName, loaded.State, loaded.Folder, Invocation.Checkout);
}
