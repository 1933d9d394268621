using Provost.Rendering.Kubernetes.Manifests;
using Provost.Runbooks.Targets.Kubernetes.Api;
using Provost.Runbooks.Targets.Kubernetes.Releases;
using Provost.Runbooks.Targets.Kubernetes.Volumes;

namespace Provost.Runbooks.Targets.Kubernetes.Plans;

/// <summary>What a deployment would change: asked of the server itself, which defaults, admits and refuses as it would then.</summary>
public sealed class ClusterPlan(ApiConnection api, ReleaseBook book)
{
    /// <param name="rendered">What provost.yaml describes.</param>
    /// <param name="stores">Whether the stores would be renewed too.</param>
    public async Task<IReadOnlyList<ObjectChange>> ReadAsync(IReadOnlyList<Manifest> rendered, bool stores, CancellationToken cancellation)
    {
        List<ObjectChange> changes = [];
        // Into a namespace that is not there nothing can be tried.
        var present = await HasNamespaceAsync(rendered, cancellation);
        var manifests = stores || !present ? rendered : KeptStores.Of(rendered, await book.PresentAsync(rendered, cancellation)).Manifests;
        foreach (var manifest in manifests)
        {
            if (await ChangeAsync(manifest, present, cancellation) is { } change)
            {
                changes.Add(change);
            }
        }
        if (present)
        {
            foreach (var stale in ReleaseBook.Stale(manifests, Others(manifests, await book.ReadAsync(cancellation))))
            {
                if (await api.FindAsync(ApiPath.Of(stale), cancellation) is not null)
                {
                    changes.Add(new ObjectChange("remove", stale.Kind, stale.Name, []));
                }
            }
        }
        return changes;
    }

    // What is live already and is planned again: the configuration that is kept for the way back from it stays.
    private static IReadOnlyList<ClusterRelease> Others(IReadOnlyList<Manifest> manifests, IReadOnlyList<ClusterRelease> releases)
    {
        var live = releases.Where(r => r.State is ReleaseState.Deployed).MaxBy(r => r.Number);
        return live is not null && live.Manifests.Select(ApiPath.Of).ToHashSet(StringComparer.Ordinal).SetEquals(manifests.Select(ApiPath.Of)) ? [.. releases.Where(r => r != live)] : releases;
    }

    private async Task<bool> HasNamespaceAsync(IReadOnlyList<Manifest> manifests, CancellationToken cancellation) =>
        manifests.FirstOrDefault(m => m.Kind is "Namespace") is not { } space || await api.FindAsync(ApiPath.Of(space), cancellation) is not null;

    private async Task<ObjectChange?> ChangeAsync(Manifest manifest, bool present, CancellationToken cancellation)
    {
        if ((present || manifest.Namespace is null) && await api.FindAsync(ApiPath.Of(manifest), cancellation) is { } live)
        {
            // What the server refuses to try is said by ourselves.
            var (refused, tried) = ClaimSizes.Plan(manifest, live);
            var differences = ObjectDifference.Between(live, await api.DryRunAsync(tried, cancellation));
            // The number of replicas is an autoscaler's then: it is handed over as it is.
            var left = manifest.Kind is "Deployment" && manifest.Body["spec"]?["replicas"] is null ? "spec.replicas" : null;
            IReadOnlyList<FieldChange> fields = [.. differences.Where(field => field.Path != left), .. refused];
            return fields.Count == 0 ? null : new ObjectChange("change", manifest.Kind, manifest.Name, fields);
        }
        if (present)
        {
            await api.DryRunAsync(manifest, cancellation);
        }
        return new ObjectChange("create", manifest.Kind, manifest.Name, []);
    }
}
