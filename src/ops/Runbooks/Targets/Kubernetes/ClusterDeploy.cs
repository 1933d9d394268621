using System.Globalization;
using Provost.Rendering.Kubernetes.Manifests;
using Provost.Runbooks.Deploy;
using Provost.Runbooks.Targets.Kubernetes.Api;
using Provost.Runbooks.Targets.Kubernetes.Releases;
using Provost.Runbooks.Targets.Kubernetes.Rollouts;
using Provost.Runbooks.Targets.Kubernetes.Volumes;
using Provost.Topology.Model;

namespace Provost.Runbooks.Targets.Kubernetes;

/// <summary>
/// Brings a release to a cluster: apply, watch, and when it stalls bring the release before it back and say why. Only objects
/// that releases of this site brought are touched.
/// </summary>
public sealed class ClusterDeploy(ApiConnection api, string space, string installation, TimeProvider time, Action<string> say)
{
    private readonly ReleaseBook book = new(api, space, installation, time);
    private readonly ClaimSizes sizes = new(api, time, say);
    private readonly List<DeployStep> steps = [];

    /// <summary>Releases whose records stay, to be returned to.</summary>
    public int Keep { get; init; } = new KeptReleases().Keep;

    public async Task<ClusterOutcome> DeployAsync(ClusterRequest request, CancellationToken cancellation)
    {
        await ApplyNamespaceAsync(request.Manifests, cancellation);
        await using var alone = await ClusterLock.TakeAsync(api, space, $"deploy {request.Version}", time, cancellation);
        await sizes.RequireNoneShrinksAsync(request.Manifests, cancellation);
        var before = await BeforeAsync(request.Manifests, cancellation);
        return await alone.WhileHeldAsync(held => BringAsync(request, before, held), cancellation);
    }

    /// <param name="to">Number or version of the release to go back to; the one deployed before the present one when null.</param>
    public async Task<ClusterOutcome> RollbackAsync(string? to, CancellationToken cancellation)
    {
        await using var alone = await ClusterLock.TakeAsync(api, space, "rollback", time, cancellation);
        var releases = await book.ReadAsync(cancellation);
        var deployed = releases.Where(r => r.State is ReleaseState.Deployed).ToList();
        var target = to is null ? deployed.Skip(1).FirstOrDefault() : deployed.FirstOrDefault(r => r.Version == to || r.Number.ToString(CultureInfo.InvariantCulture) == to);
        return target is not null ? await alone.WhileHeldAsync(held => BringAsync(new ClusterRequest(target.Version, target.Manifests), releases, held), cancellation) : throw new OperationError(
            ErrorKind.Refused, to is null ? "there is no release before the present one" : $"release {to} was never deployed here, or its record is gone",
            deployed.Count == 0 ? "deploy one first: provost deploy" : $"there are: {string.Join(", ", deployed.Select(r => $"{r.Number} ({r.Version})"))}");
    }

    private async Task<ClusterOutcome> BringAsync(ClusterRequest request, IReadOnlyList<ClusterRelease> before, CancellationToken cancellation)
    {
        var (start, last) = (time.GetTimestamp(), before.FirstOrDefault(r => r.State is ReleaseState.Deployed));
        var (manifests, kept) = request.Stores || last is null ? (request.Manifests, []) : KeptStores.Of(request.Manifests, last.Manifests);
        List<string> notes = kept.Count > 0 ? [KeptStores.Remark(kept)] : [];
        if (request.Backup is { } backup && last is not null)
        {
            say("taking a backup before anything changes");
            await StepAsync("backup", async () => notes.Add(
                await backup(cancellation) is { } id ? $"backup {id} was taken before anything changed" : "no backup was taken: the release that ran has no CronJob for it"));
        }
        var release = await book.BeginAsync(request.Version, manifests, before, cancellation);
        var outcome = new ClusterOutcome(request.Version, last?.Version, release.Number, manifests.Count, 0, steps) { Notes = notes };
        try
        {
            await RollAsync(manifests, last, cancellation);
        }
        catch (Exception e) when (e is RolloutStalled or ApiRefusal or OperationError)
        {
            var failure = await UndoAsync(e, release, last);
            return outcome with { Seconds = time.GetElapsedTime(start).TotalSeconds, Failure = failure };
        }
        await book.EndAsync(release, ReleaseState.Deployed, cancellation);
        return outcome with { Removed = await book.PruneAsync(release, before, Keep, cancellation), Seconds = time.GetElapsedTime(start).TotalSeconds };
    }

    // The services first, beside the stores that run: a release that is no good is known before a store is touched.
    private async Task RollAsync(IReadOnlyList<Manifest> manifests, ClusterRelease? last, CancellationToken cancellation)
    {
        var later = last is null ? [] : manifests.Where(m => m.Kind is "StatefulSet" && last.Manifests.Any(old => ApiPath.Of(old) == ApiPath.Of(m) && old != m && !IsSame(old, m))).ToList();
        if (later.Count > 0 && await AreReadyAsync(later, cancellation))
        {
            await StepAsync("services", () => BringAsync([.. manifests.Except(later)], cancellation));
            await StepAsync("stores", () => BringAsync(later, cancellation));
            return;
        }
        await StepAsync("rollout", () => BringAsync(manifests, cancellation));
    }

    private static bool IsSame(Manifest one, Manifest other) => System.Text.Json.Nodes.JsonNode.DeepEquals(one.Body["spec"], other.Body["spec"]);

    private async Task<bool> AreReadyAsync(IReadOnlyList<Manifest> sets, CancellationToken cancellation)
    {
        foreach (var set in sets)
        {
            if (await api.FindAsync(ApiPath.Of(set), cancellation) is not { } live || !WorkloadState.Of(set.Kind, live).IsDone)
            {
                return false;
            }
        }
        return true;
    }

    private async Task BringAsync(IReadOnlyList<Manifest> manifests, CancellationToken cancellation)
    {
        var rollout = new Rollout(api, space, time, say);
        await rollout.NoteBeforeAsync(cancellation);
        await ApplyAsync(manifests, cancellation);
        await ApiRetry.AskAsync(() => new StuckPods(api, space, time, say).ReplaceAsync(manifests, cancellation), time, cancellation);
        await rollout.WatchAsync(manifests, cancellation);
    }

    private async Task StepAsync(string name, Func<Task> work)
    {
        var start = time.GetTimestamp();
        try
        {
            await work();
        }
        finally
        {
            steps.Add(new DeployStep(name, Math.Round(time.GetElapsedTime(start).TotalSeconds, 2)));
        }
    }

    // What kubectl applied before the tool came is a release too.
    private async Task<IReadOnlyList<ClusterRelease>> BeforeAsync(IReadOnlyList<Manifest> manifests, CancellationToken cancellation)
    {
        var releases = await book.ReadAsync(cancellation);
        var adoption = new Adoption(api, installation);
        if (releases.Count > 0 || await adoption.FindAsync(manifests, cancellation) is not { Count: > 0 } found)
        {
            return releases;
        }
        var adopted = await book.BeginAsync(Adoption.VersionOf(found), found, releases, cancellation);
        await adoption.TakeOverAsync(found, cancellation);
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
                await ApiRetry.AskAsync(() => ApplyAsync(manifest, cancellation), time, cancellation);
            }
            catch (ApiRefusal refusal)
            {
                var why = refusal.Explain();
                throw new OperationError(why.Kind, $"{manifest}: {why.Message}", why.Remedy, why.Details, refusal);
            }
        }
    }

    private async Task<bool> ApplyAsync(Manifest manifest, CancellationToken cancellation)
    {
        await api.HandOverReplicasAsync(manifest, cancellation);
        await api.ApplyAsync(ClaimSizes.IsSized(manifest) ? await sizes.PrepareAsync(manifest, cancellation) : manifest, cancellation);
        return true;
    }

    /// <returns>Why the release did not go live; the one before it serves again.</returns>
    /// <exception cref="OperationError">There is none before it, or it did not come back.</exception>
    private async Task<OperationError> UndoAsync(Exception cause, ClusterRelease failed, ClusterRelease? last)
    {
        // The reason is looked up before the pods that know it are replaced.
        var details = await DetailsAsync(cause, failed.Manifests);
        await TryAsync(() => book.EndAsync(failed, ReleaseState.Failed, CancellationToken.None));
        if (last is null)
        {
            throw new OperationError(
                ErrorKind.NotReady, $"{cause.Message}. There is no release to go back to: what was applied stays as it is", "correct what the lines above say, then run it again", details, cause);
        }
        say($"undoing: bringing {last.Version} back");
        try
        {
            await StepAsync("undo", () => BringAsync(last.Manifests, CancellationToken.None));
            foreach (var manifest in ReleaseBook.Stale(last.Manifests, [failed]))
            {
                await api.DeleteAsync(ApiPath.Of(manifest), CancellationToken.None);
            }
            return new OperationError(ErrorKind.NotReady, cause.Message, RemedyOf(cause), details, cause);
        }
        catch (Exception e) when (e is RolloutStalled or ApiRefusal or OperationError)
        {
            throw new OperationError(
                ErrorKind.Failed, $"{cause.Message}. Bringing {last.Version} back failed too: {e.Message}", "look at provost status and provost logs, then: provost rollback", details, cause);
        }
    }

    private async Task<IReadOnlyList<string>> DetailsAsync(Exception cause, IReadOnlyList<Manifest> manifests)
    {
        if (cause is not RolloutStalled stalled)
        {
            return cause is OperationError error ? [.. error.Details, error.Remedy] : [];
        }
        var trouble = new PodTrouble(api, space);
        List<string> details = [];
        // Everything waits for the secrets that a job makes.
        await TryAsync(async () => details.AddRange(await new JobTrouble(api, trouble).ExplainAsync(manifests, CancellationToken.None)));
        await TryAsync(async () => details.AddRange(await trouble.ExplainAsync(stalled.Workload.Name, CancellationToken.None)));
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
