using Provost.Rendering.Process;
using Provost.Runbooks.Doctor;
using Provost.Runbooks.Images.Registries;
using Provost.Runbooks.Operator;
using Provost.Runbooks.Plans;
using Provost.Runbooks.Releases;
using Provost.Runbooks.Targets;
using Provost.Runbooks.Targets.Process;
using Provost.Topology.Model;

namespace Provost.Runbooks.Up;

/// <param name="Checkout">Null when the tool was installed without sources: then a release must be installed already.</param>
/// <param name="Version">Version of the tool, without the build's metadata.</param>
/// <param name="Tool">This executable, which hosts the agent too.</param>
public sealed record UpRequest(Installation Installation, string Site, StateDirectory State, Checkout? Checkout, string Version, string Tool, bool Demonstration)
{
    /// <summary>provost.yaml and its folder, for what the agent runs at night; null when nothing runs then.</summary>
    public (string Folder, string? File)? Configuration { get; init; }
}

/// <summary>What `up` does, given what is there already.</summary>
/// <param name="IsFirst">Whether everything was never ready before.</param>
public sealed record UpPlan(Plan Plan, SiteSpec Spec, bool IsFirst, bool AgentRuns);

public static class UpPlanner
{
    /// <summary>A fresh one-time link for each account of the demonstration.</summary>
    public static async Task<IReadOnlyList<SignIn>> DemonstrationLinksAsync(StateDirectory state, CancellationToken cancellation)
    {
        using var platform = OperatorClient.For(state);
        return await Demonstration.LinksAsync(platform, cancellation);
    }

    /// <summary>Nothing can be started beside a stop that is under way.</summary>
    public static Task WaitForStopAsync(StateDirectory state, TimeProvider time, Action<string> say, CancellationToken cancellation) =>
        SiteStop.WaitUnderWayAsync(state, time, say, cancellation);

    public static async Task<UpPlan> PlanAsync(UpRequest request, CancellationToken cancellation)
    {
        var (state, site) = (request.State, request.Installation.Sites[request.Site]);
        using var agent = new AgentClient(state.AgentSocket);
        var status = await agent.StatusAsync(cancellation);
        var runs = status is not null || SiteStop.LivingChildren(state).Count > 0;
        var isFirst = !File.Exists(state.Started);
        var (release, build) = Release(request);
        RequireSameInstallation(request);
        // What runs was checked when it started, and holds the ports that the check would miss.
        if (!runs)
        {
            Machine.Require(new MachineRequest(request.Installation, site, state, build.Count > 0 ? request.Checkout : null));
        }
        var (spec, files) = await RenderAsync(request, release, runs, cancellation);
        var registry = Registry(request);
        List<Step> steps =
        [
            .. registry is null ? [] : new Step[] { new Step.RequireEngine() },
            .. build,
            .. Install(request, release),
            new Step.WriteState(state, spec, files),
            .. status?.Program != ToolFolder.Program(state, request.Tool) ? new Step[] { new Step.StartAgent(state, request.Tool) } : [],
            .. runs ? new Step[] { new Step.Apply(state) } : [],
            new Step.WaitReady(state, site.Probes.Start),
            .. request.Demonstration && isFirst ? new Step[] { new Step.LoadDemonstration(state) } : [],
            .. isFirst ? new Step[] { new Step.NoteStart(state) } : [],
            // The last one: no service needs it, and its certificate is issued by the authority that the site has by now.
            .. registry is null ? [] : new Step[] { new Step.StartRegistry(registry) },
        ];
        return new UpPlan(new Plan($"Start {request.Installation.Name}", steps), spec, isFirst, status is not null);
    }

    private static (string Release, IReadOnlyList<Step> Build) Release(UpRequest request)
    {
        if (request.Checkout is not { } checkout)
        {
            return request.State.ReadSiteSpec() is { } spec ? (spec.Release, [])
                : throw new OperationError(ErrorKind.Machine, "there is no release and no checkout to build one from", "run provost from a checkout of its sources");
        }
        var fingerprint = Build.Fingerprint(checkout);
        return ($"{request.Version}+{fingerprint}", Build.IsCurrent(checkout, fingerprint) ? [] : Build.Steps(checkout, fingerprint));
    }

    private static IReadOnlyList<Step> Install(UpRequest request, string release) =>
        request.Checkout is { } checkout && !ReleaseFolder.IsInstalled(request.State, release) ? [new Step.InstallRelease(checkout, request.State, release, request.Installation.Sites[request.Site].Releases.Keep)] : [];

    private static async Task<(SiteSpec Spec, Dictionary<string, string> Files)> RenderAsync(UpRequest request, string release, bool runs, CancellationToken cancellation)
    {
        var current = request.State.ReadSiteSpec();
        var stores = current is null ? release : await StoresReleaseAsync(request.State, current, release, cancellation);
        var (spec, files) = SiteRendering.Render(new SiteRequest(request.Installation, request.Site, request.State, release, stores, SiteRendering.Numbers(current), runs));
        return (spec with { Schedule = Schedule(request, request.Installation.Sites[request.Site]) }, files);
    }

    // A store that would run the very same files goes on running.
    private static async Task<string> StoresReleaseAsync(StateDirectory state, SiteSpec current, string release, CancellationToken cancellation)
    {
        if (SiteRendering.StoresRelease(current) is not { } running || !ReleaseFolder.IsInstalled(state, running) || !ReleaseFolder.IsInstalled(state, release))
        {
            return release;
        }
        var (then, now) = (await ReleaseManifest.OfAsync(state, running, TimeProvider.System, cancellation), await ReleaseManifest.OfAsync(state, release, TimeProvider.System, cancellation));
        return then.Artefacts["Stores"] == now.Artefacts["Stores"] ? running : release;
    }

    private static RegistryContainer? Registry(UpRequest request) => request.Configuration is not { } configuration ? null
        : RegistryContainer.Of(new TargetSite(request.Installation, request.Site, request.State, configuration.Folder, request.Checkout));

    private static ScheduleSpec? Schedule(UpRequest request, Site site) => request.Configuration is not { } configuration ? null : new ScheduleSpec(
        request.State.Root, configuration.Folder, configuration.File, request.Site, site.Backup.Schedule.Enabled, site.Backup.Schedule.Daily,
        site.Backup.Schedule.Drill.TotalSeconds, site.Backup.Schedule.Failover.TotalSeconds);

    private static void RequireSameInstallation(UpRequest request)
    {
        if (InstallationMarker.Read(request.State) is { } marker && marker.Installation != request.Installation.Name)
        {
            throw new OperationError(
                ErrorKind.Refused, $"{request.State.Root} belongs to the installation \"{marker.Installation}\", not to \"{request.Installation.Name}\"",
                "set name back in provost.yaml, or set sites.NAME.state to another directory");
        }
    }
}
