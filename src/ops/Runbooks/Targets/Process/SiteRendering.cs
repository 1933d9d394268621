using System.Globalization;
using Provost.Rendering.Process;
using Provost.Rendering.Redis;
using Provost.Runbooks.Releases;
using Provost.Topology.Environments;
using Provost.Topology.Model;

namespace Provost.Runbooks.Targets.Process;

/// <param name="Release">Of api, web and gateway.</param>
/// <param name="StoresRelease">Of the stores: they are not renewed when their part of a release is the same.</param>
/// <param name="Numbers">Numbers of the copies by service, where they do not count from 1.</param>
/// <param name="Runs">Whether the site runs and holds its ports.</param>
internal sealed record SiteRequest(
    Installation Installation, string Site, StateDirectory State, string Release, string StoresRelease, IReadOnlyDictionary<string, IReadOnlyList<int>> Numbers, bool Runs);

/// <summary>A site as its agent runs it, and the files that go with it, with what only this machine knows: ports, Redis, releases.</summary>
internal static class SiteRendering
{
    public static (SiteSpec Spec, Dictionary<string, string> Files) Render(SiteRequest request)
    {
        var (state, site) = (request.State, request.Installation.Sites[request.Site]);
        var machineRedis = RedisChoice.Program(site.Stores.Redis.Server, state);
        var embedded = machineRedis is null;
        string[] names = [.. Replicas.Of(site, request.Numbers).SelectMany(r => Replicas.Sockets(r, embedded))];
        var ports = Ports.Choose(state, names, request.Runs);
        ProcessPlacement Place(string release) => new(release, ReleaseFolder.Of(state, release), state.Root, state.Run, embedded, ports) { Numbers = request.Numbers };
        var placement = Place(request.Release);
        var files = new Dictionary<string, string>
        {
            [state.Marker] = InstallationMarker.Write(request.Installation.Name, request.Site, embedded),
            [state.Ports] = Ports.Write(Ports.Remembered(state).Concat(ports).GroupBy(p => p.Key).ToDictionary(g => g.Key, g => g.Last().Value)),
        };
        if (!embedded)
        {
            files[RedisConfiguration.File(placement)] = RedisConfiguration.Render(placement);
        }
        var spec = ProcessRenderer.Render(request.Installation, request.Site, placement, machineRedis);
        var stores = ProcessRenderer.Render(request.Installation, request.Site, Place(request.StoresRelease), machineRedis).Replicas.Where(IsStore).ToDictionary(r => r.Id);
        return (spec with { Replicas = [.. spec.Replicas.Select(r => stores.GetValueOrDefault(r.Id, r))], Schedule = Schedule(state.ReadSiteSpec()?.Schedule, site.Backup.Schedule) }, files);
    }

    // Where the agent finds provost.yaml stays as `up` found it; what stands there is taken up.
    private static ScheduleSpec? Schedule(ScheduleSpec? known, BackupSchedule wanted) =>
        known is null ? null : known with { Enabled = wanted.Enabled, Daily = wanted.Daily, DrillSeconds = wanted.Drill.TotalSeconds };

    public static bool IsStore(ReplicaSpec replica) => replica.Service is Replicas.Redis or Replicas.ClickHouse;

    /// <summary>The numbers that the replicas of a site have.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<int>> Numbers(SiteSpec? spec) => (spec?.Replicas ?? []).GroupBy(r => r.Service).ToDictionary(
        g => g.Key, IReadOnlyList<int> (g) => [.. g.Select(r => int.Parse(r.Id.AsSpan(r.Service.Length + 1), CultureInfo.InvariantCulture))]);

    /// <summary>The release that the stores of a site run from.</summary>
    public static string? StoresRelease(SiteSpec spec) => spec.Replicas.FirstOrDefault(r => r.Service == Replicas.ClickHouse)?.Environment.GetValueOrDefault("PROVOST_Service__Release");
}
