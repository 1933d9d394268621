using System.Text.Json.Nodes;
using Provost.Rendering.Kubernetes.Manifests;
using Provost.Runbooks.Targets.Kubernetes.Api;

namespace Provost.Runbooks.Targets.Kubernetes.Volumes;

/// <summary>
/// Sizes of volumes. A StatefulSet's templates cannot change: its claims are grown one by one, and the StatefulSet is made anew
/// around its pods, which go on. A volume never shrinks.
/// </summary>
public sealed class ClaimSizes(ApiConnection api, TimeProvider time, Action<string> say)
{
    private static readonly TimeSpan GoneWithin = TimeSpan.FromSeconds(30);

    /// <exception cref="OperationError">A claim would become smaller.</exception>
    public async Task RequireNoneShrinksAsync(IReadOnlyList<Manifest> manifests, CancellationToken cancellation)
    {
        foreach (var manifest in manifests.Where(m => m.Kind is "StatefulSet"))
        {
            if (await ChangeAsync(manifest, cancellation) is { Shrinks: true } change)
            {
                throw new OperationError(
                    ErrorKind.Refused, $"the volumes of {manifest.Name} are {change.Before} and cannot become {change.After}: a volume never shrinks",
                    $"set the size in provost.yaml to {change.Before} or more; for less, back up, remove the store with its claims, and restore");
            }
        }
    }

    /// <summary>What to apply instead of this StatefulSet, after its claims have grown. Where they are larger already, they stay so.</summary>
    public async Task<Manifest> PrepareAsync(Manifest manifest, CancellationToken cancellation)
    {
        if (await ChangeAsync(manifest, cancellation) is not { } change)
        {
            return manifest;
        }
        if (change.Shrinks)
        {
            return Keeping(manifest, change.Live);
        }
        await GrowAsync(manifest, change, cancellation);
        return manifest;
    }

    /// <summary>The change of size that applying it would mean, and the StatefulSet without that change; null when there is none.</summary>
    public async Task<(ClaimChange Change, Manifest WithoutIt)?> PlanAsync(Manifest manifest, CancellationToken cancellation) =>
        manifest.Kind is "StatefulSet" && await ChangeAsync(manifest, cancellation) is { } change ? (change, Keeping(manifest, change.Live)) : null;

    private async Task<ClaimChange?> ChangeAsync(Manifest manifest, CancellationToken cancellation)
    {
        var live = await api.FindAsync(ApiPath.Of(manifest), cancellation);
        var (before, after) = (SizeOf(live), SizeOf(manifest.Body));
        return live is null || before is null || after is null || Quantities.Of(before) == Quantities.Of(after) ? null : new ClaimChange(before.ToString(), after.ToString(), live);
    }

    private async Task GrowAsync(Manifest manifest, ClaimChange change, CancellationToken cancellation)
    {
        say($"{manifest.Name}: its volumes grow from {change.Before} to {change.After}");
        var claims = await api.GetAsync(ApiPath.Collection("v1", "PersistentVolumeClaim", manifest.Namespace), cancellation);
        foreach (var claim in (claims["items"] as JsonArray ?? []).OfType<JsonObject>().Where(c => IsOf(manifest, c) && Quantities.Of(c["spec"]?["resources"]?["requests"]?["storage"]) < Quantities.Of(change.After)))
        {
            await GrowAsync(manifest, (string)claim["metadata"]!["name"]!, change, cancellation);
        }
        // Its pods stay, and the one that comes with the same name takes them over.
        await api.SendAsync(
            HttpMethod.Delete, ApiPath.Of(manifest), new JsonObject { ["apiVersion"] = "v1", ["kind"] = "DeleteOptions", ["propagationPolicy"] = "Orphan" }, cancellation);
        var start = time.GetTimestamp();
        while (await api.FindAsync(ApiPath.Of(manifest), cancellation) is not null)
        {
            if (time.GetElapsedTime(start) > GoneWithin)
            {
                throw new OperationError(ErrorKind.NotReady, $"StatefulSet {manifest.Name} does not go away to be made anew", "look at its finalizers, then run this again: the claims have grown already");
            }
            await Task.Delay(TimeSpan.FromMilliseconds(200), time, cancellation);
        }
    }

    private async Task GrowAsync(Manifest manifest, string claim, ClaimChange change, CancellationToken cancellation)
    {
        try
        {
            await api.SendAsync(
                HttpMethod.Patch, $"{ApiPath.Collection("v1", "PersistentVolumeClaim", manifest.Namespace)}/{claim}",
                new JsonObject { ["spec"] = new JsonObject { ["resources"] = new JsonObject { ["requests"] = new JsonObject { ["storage"] = change.After } } } },
                cancellation, "application/merge-patch+json");
        }
        catch (ApiRefusal refusal) when (refusal.Message.Contains("dynamically provisioned", StringComparison.Ordinal) || refusal.Message.Contains("resize", StringComparison.Ordinal))
        {
            throw new OperationError(
                ErrorKind.Refused, $"the volume {claim} cannot grow", "its storage class must allow it: kubectl patch storageclass NAME -p '{\"allowVolumeExpansion\":true}', where its driver can", [refusal.Message], refusal);
        }
    }

    // "data-redis-0" of the template "data" and the StatefulSet "redis".
    private static bool IsOf(Manifest manifest, JsonObject claim)
    {
        var prefix = $"data-{manifest.Name}-";
        return (string?)claim["metadata"]?["name"] is { } name && name.StartsWith(prefix, StringComparison.Ordinal) && name[prefix.Length..].All(char.IsAsciiDigit);
    }

    private static JsonNode? SizeOf(JsonObject? body) => Requests(body)?["storage"];

    private static JsonNode? Requests(JsonObject? body) => body?["spec"]?["volumeClaimTemplates"]?[0]?["spec"]?["resources"]?["requests"];

    private static Manifest Keeping(Manifest manifest, JsonObject live)
    {
        var copy = manifest.Body.DeepClone().AsObject();
        Requests(copy)!["storage"] = SizeOf(live)!.DeepClone();
        return new Manifest(copy);
    }
}

/// <param name="Live">The StatefulSet as the cluster has it.</param>
public sealed record ClaimChange(string Before, string After, JsonObject Live)
{
    public bool Shrinks => Quantities.Of(After) < Quantities.Of(Before);
}
