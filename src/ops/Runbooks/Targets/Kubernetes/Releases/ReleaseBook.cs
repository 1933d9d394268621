using Provost.Rendering.Kubernetes.Manifests;
using Provost.Runbooks.Targets.Kubernetes.Api;

namespace Provost.Runbooks.Targets.Kubernetes.Releases;

/// <summary>The releases of a site, and what to remove: only objects that a release of this site brought.</summary>
public sealed class ReleaseBook(ApiConnection api, string space, string installation, TimeProvider time)
{
    /// <summary>Newest first.</summary>
    public async Task<IReadOnlyList<ClusterRelease>> ReadAsync(CancellationToken cancellation)
    {
        var answer = await api.FindAsync($"{ApiPath.Collection("v1", "ConfigMap", space)}?labelSelector={Uri.EscapeDataString(ClusterRelease.Label)}", cancellation);
        return [.. (answer?["items"]?.AsArray() ?? []).Select(map => ClusterRelease.Read(map!.AsObject())).OfType<ClusterRelease>().OrderByDescending(r => r.Number)];
    }

    /// <summary>Objects of the release that is live; without one, what kubectl says it applied.</summary>
    public async Task<IReadOnlyList<Manifest>> PresentAsync(IReadOnlyList<Manifest> kinds, CancellationToken cancellation) =>
        (await ReadAsync(cancellation)).FirstOrDefault(r => r.State is ReleaseState.Deployed)?.Manifests ?? await new Adoption(api, installation).FindAsync(kinds, cancellation);

    public async Task<ClusterRelease> BeginAsync(string version, IReadOnlyList<Manifest> manifests, IReadOnlyList<ClusterRelease> before, CancellationToken cancellation)
    {
        var release = new ClusterRelease(before.Select(r => r.Number).FirstOrDefault() + 1, version, ReleaseState.Applying, time.GetUtcNow(), manifests);
        await api.SendAsync(HttpMethod.Post, ApiPath.Collection("v1", "ConfigMap", space), release.Body(space, installation), cancellation);
        return release;
    }

    public async Task EndAsync(ClusterRelease release, ReleaseState state, CancellationToken cancellation) =>
        await api.SendAsync(HttpMethod.Put, PathOf(release), (release with { State = state }).Body(space, installation), cancellation);

    /// <summary>Removes objects of earlier releases that the present one has not, and the records of the oldest releases.</summary>
    /// <param name="keep">Releases whose records stay.</param>
    /// <returns>What was removed.</returns>
    public async Task<IReadOnlyList<string>> PruneAsync(ClusterRelease present, IReadOnlyList<ClusterRelease> others, int keep, CancellationToken cancellation)
    {
        var removed = new List<string>();
        foreach (var manifest in Stale(present.Manifests, others))
        {
            await api.DeleteAsync(ApiPath.Of(manifest), cancellation);
            removed.Add(manifest.ToString());
        }
        foreach (var old in others.Where(r => r.Number < present.Number).OrderByDescending(r => r.Number).Skip(keep - 1))
        {
            await api.DeleteAsync(PathOf(old), cancellation);
        }
        return removed;
    }

    /// <summary>
    /// Objects of other releases that these manifests do not have. Configuration of the last good release stays, so that pods of
    /// it can be started anew while the new ones come; namespaces and claims, which hold data, are never removed this way.
    /// </summary>
    public static IEnumerable<Manifest> Stale(IReadOnlyList<Manifest> manifests, IReadOnlyList<ClusterRelease> others)
    {
        var wanted = manifests.Select(ApiPath.Of).ToHashSet(StringComparer.Ordinal);
        var spare = others.Where(r => r.State is ReleaseState.Deployed).OrderByDescending(r => r.Number).Take(1).SelectMany(r => r.Manifests)
            .Where(m => m.Kind is "ConfigMap").Select(ApiPath.Of).ToHashSet(StringComparer.Ordinal);
        return others.SelectMany(r => r.Manifests)
            .Where(m => m.Kind is not ("Namespace" or "PersistentVolumeClaim") && !wanted.Contains(ApiPath.Of(m)) && !spare.Contains(ApiPath.Of(m)))
            .DistinctBy(ApiPath.Of).Reverse();
    }

    private string PathOf(ClusterRelease release) => $"{ApiPath.Collection("v1", "ConfigMap", space)}/{release.Name}";
}
