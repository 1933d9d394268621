using Provost.Rendering.Kubernetes.Manifests;
using Provost.Runbooks.Targets.Kubernetes.Api;
using Provost.Runbooks.Targets.Kubernetes.Releases;
using Provost.Runbooks.Targets.Kubernetes.Volumes;

namespace Provost.Runbooks.Targets.Kubernetes.Plans;

/// <summary>What a deployment would change: asked of the server itself, which defaults, admits and refuses as it would then.</summary>
public sealed class ClusterPlan(ApiConnection api, ReleaseBook book)
{
    private readonly ClaimSizes sizes = new(api, TimeProvider.System, _ => { });

    public async Task<IReadOnlyList<ObjectChange>> ReadAsync(IReadOnlyList<Manifest> manifests, CancellationToken cancellation)
    {
        List<ObjectChange> changes = [];
        // Into a namespace that is not there nothing can be tried.
        var present = await HasNamespaceAsync(manifests, cancellation);
        foreach (var manifest in manifests)
        {
            if (await ChangeAsync(manifest, present, cancellation) is { } change)
            {
                changes.Add(change);
            }
        }
        if (present)
        {
            var releases = await book.ReadAsync(cancellation);
            foreach (var stale in ReleaseBook.Stale(manifests, releases))
            {
                if (await api.FindAsync(ApiPath.Of(stale), cancellation) is not null)
                {
                    changes.Add(new ObjectChange("remove", stale.Kind, stale.Name, []));
                }
            }
        }
        return changes;
    }

    private async Task<bool> HasNamespaceAsync(IReadOnlyList<Manifest> manifests, CancellationToken cancellation) =>
        manifests.FirstOrDefault(m => m.Kind is "Namespace") is not { } space || await api.FindAsync(ApiPath.Of(space), cancellation) is not null;

    private async Task<ObjectChange?> ChangeAsync(Manifest manifest, bool present, CancellationToken cancellation)
    {
        if ((present || manifest.Namespace is null) && await api.FindAsync(ApiPath.Of(manifest), cancellation) is { } live)
        {
            // The server refuses to try another size of volumes: that is said by ourselves.
            var size = await sizes.PlanAsync(manifest, cancellation);
            var fields = ObjectDifference.Between(live, await api.DryRunAsync(size?.WithoutIt ?? manifest, cancellation));
            fields = size is { Change: var change } ? [.. fields, new FieldChange("spec.volumeClaimTemplates[0].spec.resources.requests.storage", change.Before, change.After)] : fields;
            return fields.Count == 0 ? null : new ObjectChange("change", manifest.Kind, manifest.Name, fields);
        }
        if (present)
        {
            await api.DryRunAsync(manifest, cancellation);
        }
        return new ObjectChange("create", manifest.Kind, manifest.Name, []);
    }
}
