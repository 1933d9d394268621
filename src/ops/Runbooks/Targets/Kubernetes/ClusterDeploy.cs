using System.Globalization;
using Provost.Rendering.Kubernetes.Manifests;
using Provost.Runbooks.Targets.Kubernetes.Api;
using Provost.Runbooks.Targets.Kubernetes.Releases;
using Provost.Runbooks.Targets.Kubernetes.Rollouts;
using Provost.Runbooks.Targets.Kubernetes.Volumes;

namespace Provost.Runbooks.Targets.Kubernetes;

/// <summary>What a deployment did.</summary>
/// <param name="Removed">Objects that the release has no longer.</param>
public sealed record ClusterOutcome(string Release, int Number, int Applied, IReadOnlyList<string> Removed, double Seconds);

/// <summary>
/// Brings a release to a cluster: apply, watch, and when it stalls bring the release before it back and say why. Only objects
/// that releases of this site brought are touched.
/// </summary>
public sealed class ClusterDeploy(ApiConnection api, string space, string installation, TimeProvider time, Action<string> say)
{
    private readonly ReleaseBook book = new(api, space, installation, time);
    private readonly ClaimSizes sizes = new(api, time, say);

    public async Task<ClusterOutcome> DeployAsync(string version, IReadOnlyList<Manifest> manifests, CancellationToken cancellation)
    {
        await ApplyNamespaceAsync(manifests, cancellation);
        await using var alone = await ClusterLock.TakeAsync(api, space, $"deploy {version}", time, cancellation);
        await sizes.RequireNoneShrinksAsync(manifests, cancellation);
        return await BringAsync(version, manifests, await BeforeAsync(manifests, cancellation), cancellation);
    }

    /// <param name="to">Number or version of the release to go back to; the one deployed before the present one when null.</param>
    public async Task<ClusterOutcome> RollbackAsync(string? to, CancellationToken cancellation)
    {
        await using var alone = await ClusterLock.TakeAsync(api, space, "rollback", time, cancellation);
        var releases = await book.ReadAsync(cancellation);
        var deployed = releases.Where(r => r.State is ReleaseState.Deployed).ToList();
        var target = to is null ? deployed.Skip(1).FirstOrDefault() : deployed.FirstOrDefault(r => r.Version == to || r.Number.ToString(CultureInfo.InvariantCulture) == to);
        return target is not null ? await BringAsync(target.Version, target.Manifests, releases, cancellation) : throw new OperationError(
            ErrorKind.Refused, to is null ? "there is no release before the present one" : $"release {to} was never deployed here, or its record is gone",
            deployed.Count == 0 ? "deploy one first: provost deploy" : $"there are: {string.Join(", ", deployed.Select(r => $"{r.Number} ({r.Version})"))}");
    }

    private async Task<ClusterOutcome> BringAsync(string version, IReadOnlyList<Manifest> manifests, IReadOnlyList<ClusterRelease> before, CancellationToken cancellation)
    {
        var start = time.GetTimestamp();
        var release = await book.BeginAsync(version, manifests, before, cancellation);
        try
        {
            await ApplyAsync(manifests, cancellation);
            await new Rollout(api, space, time, say).WatchAsync(manifests, cancellation);
        }
        catch (Exception e) when (e is RolloutStalled or ApiRefusal or OperationError)
        {
            throw await UndoAsync(e, release, before);
        }
        await book.EndAsync(release, ReleaseState.Deployed, cancellation);
        var removed = await book.PruneAsync(release, before, cancellation);
        return new ClusterOutcome(version, release.Number, manifests.Count, removed, time.GetElapsedTime(start).TotalSeconds);
    }

    // What kubectl applied before the tool came is a release too.
    private async Task<IReadOnlyList<ClusterRelease>> BeforeAsync(IReadOnlyList<Manifest> manifests, CancellationToken cancellation)
    {
        var releases = await book.ReadAsync(cancellation);
        if (releases.Count > 0 || await new Adoption(api, installation).FindAsync(manifests, cancellation) is not { Count: > 0 } found)
        {
            return releases;
        }
        var adopted = await book.BeginAsync(Adoption.VersionOf(found), found, releases, cancellation);
        await book.EndAsync(adopted, ReleaseState.Deployed, cancellation);
        say($"took over {found.Count} objects of {adopted.Version} from kubectl");
        return await book.ReadAsync(cancellation);
    }

    private async Task ApplyNamespaceAsync(IReadOnlyList<Manifest> manifests, CancellationToken cancellation)
    {
        foreach (var manifest in manifests.Where(m => m.Kind is "Namespace"))
        {
            await RequireOursAsync(manifest, cancellation);
            await api.ApplyAsync(manifest, cancellation);
        }
    }

    // A namespace of somebody else's is left alone.
    private async Task RequireOursAsync(Manifest manifest, CancellationToken cancellation)
    {
        var found = await api.FindAsync(ApiPath.Of(manifest), cancellation);
        var owner = (string?)found?["metadata"]?["labels"]?["app.kubernetes.io/instance"];
        if (found is not null && owner != installation)
        {
            throw new OperationError(
                ErrorKind.Refused, $"the namespace {manifest.Name} is there already and belongs to {owner ?? "somebody else"}",
                $"set kubernetes.namespace to another one; or give it to this installation: kubectl label namespace {manifest.Name} app.kubernetes.io/instance={installation}");
        }
    }

    private async Task ApplyAsync(IReadOnlyList<Manifest> manifests, CancellationToken cancellation)
    {
        say($"applying {manifests.Count} objects to {space} of {api.ClusterName}");
        foreach (var manifest in manifests)
        {
            try
            {
                await api.ApplyAsync(manifest.Kind is "StatefulSet" ? await sizes.PrepareAsync(manifest, cancellation) : manifest, cancellation);
            }
            catch (ApiRefusal refusal)
            {
                var why = refusal.Explain();
                throw new OperationError(why.Kind, $"{manifest}: {why.Message}", why.Remedy, why.Details, refusal);
            }
        }
    }

    // The reason is looked up before the pods that know it are replaced.
    private async Task<OperationError> UndoAsync(Exception cause, ClusterRelease failed, IReadOnlyList<ClusterRelease> before)
    {
        var details = await DetailsAsync(cause);
        await TryAsync(() => book.EndAsync(failed, ReleaseState.Failed, CancellationToken.None));
        if (before.FirstOrDefault(r => r.State is ReleaseState.Deployed) is not { } last)
        {
            return new OperationError(
                ErrorKind.NotReady, $"{cause.Message}. There is no release to go back to: what was applied stays as it is", "correct what the lines above say, then run it again", details, cause);
        }
        say($"undoing: bringing {last.Version} back");
        try
        {
            await ApplyAsync(last.Manifests, CancellationToken.None);
            await new Rollout(api, space, time, say).WatchAsync(last.Manifests, CancellationToken.None);
            foreach (var manifest in ReleaseBook.Stale(last.Manifests, [failed]))
            {
                await api.DeleteAsync(ApiPath.Of(manifest), CancellationToken.None);
            }
            return new OperationError(ErrorKind.NotReady, $"{cause.Message}. {last.Version} was brought back and serves", RemedyOf(cause), details, cause);
        }
        catch (Exception e) when (e is RolloutStalled or ApiRefusal or OperationError)
        {
            return new OperationError(
                ErrorKind.Failed, $"{cause.Message}. Bringing {last.Version} back failed too: {e.Message}", "look at provost status and provost logs, then: provost rollback", details, cause);
        }
    }

    private async Task<IReadOnlyList<string>> DetailsAsync(Exception cause)
    {
        if (cause is not RolloutStalled stalled)
        {
            return cause is OperationError error ? [.. error.Details, error.Remedy] : [];
        }
        IReadOnlyList<string> details = [];
        await TryAsync(async () => details = await new PodTrouble(api, space).ExplainAsync(stalled.Workload.Name, CancellationToken.None));
        return details;
    }

    private static string RemedyOf(Exception cause) => cause is OperationError error ? error.Remedy : "the lines above say why; correct it, then deploy again";

    private static async Task TryAsync(Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (Exception e) when (e is ApiRefusal or OperationError)
        {
            // The first reason is the one to tell.
        }
    }
}
