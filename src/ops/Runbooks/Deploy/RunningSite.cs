using Provost.Runbooks.Operator;
using Provost.Runbooks.Targets;
using Provost.Runbooks.Targets.Compose;
using Provost.Runbooks.Tools;
using Provost.Topology.Environments;
using Provost.Topology.Model;

namespace Provost.Runbooks.Deploy;

/// <summary>What is live on a site, however it is run.</summary>
public sealed class RunningSite : IAsyncDisposable
{
    private RunningSite(string release, OperatorDoor door, IReadOnlyList<IGateway> gateways) => (Release, Door, Gateways) = (release, door, gateways);

    public string Release { get; }

    public OperatorDoor Door { get; }

    internal IReadOnlyList<IGateway> Gateways { get; }

    public static async Task<RunningSite> ReadAsync(TargetSite site, CancellationToken cancellation)
    {
        if (site.Site.Target is Target.Compose)
        {
            var engine = new DockerEngine();
            await engine.RequireAsync(cancellation);
            var containers = await OpenAsync(engine, ComposeProject.Of(site), site.Site, cancellation);
            return new RunningSite(containers.Document.Release ?? "", containers.Door!, containers.Gateways);
        }
        var spec = site.State.ReadSiteSpec() ?? throw OperatorClient.NotRunning();
        return new RunningSite(spec.Release, OperatorDoor.Of(spec, site.State.Secret(Secrets.Operator, Secrets.OperatorToken) ?? ""), LoopbackGateway.In(site.State, spec));
    }

    /// <summary>The release that the files on the disk name; null when there are none.</summary>
    public static string? ReleaseOf(TargetSite site) =>
        site.Site.Target is Target.Compose ? new ComposeFiles(ComposeProject.Of(site)).Running?.Release : site.State.ReadSiteSpec()?.Release;

    public async ValueTask DisposeAsync()
    {
        foreach (var gateway in Gateways)
        {
            await gateway.DisposeAsync();
        }
    }

    /// <summary>Refuses when nothing runs, and when what runs was rendered by a version that could not be deployed beside.</summary>
    internal static async Task<RunningContainers> OpenAsync(DockerEngine engine, ComposeProject project, Site site, CancellationToken cancellation)
    {
        var document = new ComposeFiles(project).Running ?? throw OperatorClient.NotRunning();
        var containers = new ComposeContainers(engine, project);
        var door = await ComposeDoor.OpenAsync(containers, site, cancellation);
        var running = (await containers.ReadAsync(cancellation)).Where(c => c.Replica.Pid is not null).ToList();
        if (running.TrueForAll(c => c.Replica.Service != Rendering.Compose.ComposeNames.EdgeService))
        {
            throw new OperationError(ErrorKind.Refused, "the gateway that runs has the public port itself: it could not be replaced unnoticed", "bring the site to this version once: provost up -d");
        }
        return new RunningContainers(project, site, document, door, GatewaysOf(engine, running));
    }

    internal static IReadOnlyList<IGateway> GatewaysOf(DockerEngine engine, IEnumerable<SiteContainer> containers) =>
        [.. containers.Where(c => c.Replica.Service == Replicas.Gateway).Select(c => new ContainerGateway(engine, c.Id, c.Replica.Id))];
}
