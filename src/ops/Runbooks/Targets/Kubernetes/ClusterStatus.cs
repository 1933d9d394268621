using System.Text.Json.Nodes;
using Provost.Runbooks.Backups;
using Provost.Runbooks.Targets.Kubernetes.Api;
using Provost.Runbooks.Targets.Kubernetes.Releases;
using Provost.Runbooks.Targets.Kubernetes.Rollouts;

namespace Provost.Runbooks.Targets.Kubernetes;

/// <param name="Release">The release that was deployed last; null when none was by this tool.</param>
/// <param name="Found">Whether anything of the site is there.</param>
public sealed record ClusterStatus(ClusterRelease? Release, bool Found, IReadOnlyList<ComponentStatus> Components)
{
    /// <summary>How old the newest backup is; null when the site makes none, or none is known yet.</summary>
    public BackupHealth? Backup { get; init; }

    public bool IsHealthy => Found && Components.Count > 0 && Components.All(c => c.State.IsDone);

    public static async Task<ClusterStatus> ReadAsync(ApiConnection api, string space, ReleaseBook book, CancellationToken cancellation)
    {
        var pods = new PodTrouble(api, space);
        List<ComponentStatus> components = [];
        foreach (var kind in (string[])["Deployment", "StatefulSet"])
        {
            var list = await api.GetAsync(ApiPath.Collection("apps/v1", kind, space), cancellation);
            foreach (var workload in (list["items"] as JsonArray ?? []).OfType<JsonObject>())
            {
                var state = WorkloadState.Of(kind, workload);
                components.Add(new ComponentStatus(state, [.. (await pods.PodsAsync(state.Name, cancellation)).Select(PodStatus.Of)]));
            }
        }
        var release = (await book.ReadAsync(cancellation)).FirstOrDefault(r => r.State is ReleaseState.Deployed);
        return new ClusterStatus(release, components.Count > 0, components);
    }
}

public sealed record ComponentStatus(WorkloadState State, IReadOnlyList<PodStatus> Pods);

public sealed record PodStatus(string Name, string? Node, bool Ready, int Restarts, string Phase, string? Problem)
{
    public static PodStatus Of(JsonNode pod)
    {
        var waiting = PodTrouble.Containers(pod).Select(c => c["state"]?["waiting"]).FirstOrDefault(w => w is not null);
        return new PodStatus(
            (string)pod["metadata"]!["name"]!, (string?)pod["spec"]?["nodeName"], PodTrouble.IsReady(pod),
            PodTrouble.Containers(pod).Sum(c => (int?)c["restartCount"] ?? 0), (string?)pod["status"]?["phase"] ?? "Unknown",
            waiting is null ? null : $"{(string?)waiting["reason"]}: {(string?)waiting["message"]}".TrimEnd(' ', ':'));
    }
}
