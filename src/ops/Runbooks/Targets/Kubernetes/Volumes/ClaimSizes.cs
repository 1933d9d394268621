using System.Text.Json.Nodes;
using Provost.Rendering.Kubernetes.Manifests;
using Provost.Runbooks.Targets.Kubernetes.Api;
using Provost.Runbooks.Targets.Kubernetes.Plans;

namespace Provost.Runbooks.Targets.Kubernetes.Volumes;

/// <summary>
/// Sizes of volumes, and what else the server does not let change in a StatefulSet. Its claims are grown one by one, and it is made
/// anew around its pods, which go on. A volume never shrinks.
/// </summary>
public sealed class ClaimSizes(ApiConnection api, TimeProvider time, Action<string> say)
{
    /// <summary>Whether an object has a size: a StatefulSet by its template, and a claim of its own.</summary>
    public static bool IsSized(Manifest manifest) => manifest.Kind is "StatefulSet" or "PersistentVolumeClaim";

    /// <exception cref="OperationError">A claim would become smaller.</exception>
    public async Task RequireNoneShrinksAsync(IReadOnlyList<Manifest> manifests, CancellationToken cancellation)
    {
        foreach (var manifest in manifests.Where(IsSized))
        {
            if (await ChangeAsync(manifest, cancellation) is { Shrinks: true } change)
            {
                throw new OperationError(
                    ErrorKind.Refused, $"the volumes of {manifest.Name} are {change.Before} and cannot become {change.After}: a volume never shrinks",
                    $"set the size in provost.yaml to {change.Before} or more; for less, back up, remove the store with its claims, and restore");
            }
        }
    }

    /// <summary>What to apply instead of this StatefulSet or claim, after its claims have grown. Where they are larger already, they stay so.</summary>
    public async Task<Manifest> PrepareAsync(Manifest manifest, CancellationToken cancellation)
    {
        if (await api.FindAsync(ApiPath.Of(manifest), cancellation) is not { } live)
        {
            return manifest;
        }
        var change = Change(manifest, live);
        if (manifest.Kind is not "StatefulSet")
        {
            return change is { Shrinks: true } ? Keeping(manifest, SizeOf(live)) : manifest;
        }
        if (change is { Shrinks: false })
        {
            await GrowAsync(manifest, change, cancellation);
        }
        if (change is { Shrinks: false } || RemadeSet.PolicyOf(live) != RemadeSet.PolicyOf(manifest.Body))
        {
            say($"{manifest.Name} is made anew around its pods, which go on");
            await new RemadeSet(api, time).RemoveAsync(manifest, cancellation);
        }
        return change is { Shrinks: true } ? Keeping(manifest, SizeOf(live)) : manifest;
    }

    /// <summary>What of a StatefulSet the server would refuse to change, though applying it changes it; and the StatefulSet without that.</summary>
    public static (IReadOnlyList<FieldChange> Changes, Manifest WithoutThem) Plan(Manifest manifest, JsonObject live)
    {
        if (manifest.Kind is not "StatefulSet")
        {
            return ([], manifest);
        }
        List<FieldChange> changes = [];
        if (Change(manifest, live) is { } size)
        {
            changes.Add(new FieldChange("spec.volumeClaimTemplates[0].spec.resources.requests.storage", size.Before, size.After));
        }
        var (now, next) = (RemadeSet.PolicyOf(live), RemadeSet.PolicyOf(manifest.Body));
        if (now != next)
        {
            changes.Add(new FieldChange($"spec.{RemadeSet.Policy}", now, next));
        }
        return (changes, changes.Count == 0 ? manifest : Keeping(manifest, SizeOf(live), now));
    }

    private async Task<ClaimChange?> ChangeAsync(Manifest manifest, CancellationToken cancellation) =>
        await api.FindAsync(ApiPath.Of(manifest), cancellation) is { } live ? Change(manifest, live) : null;

    private static ClaimChange? Change(Manifest manifest, JsonObject live)
    {
        var (before, after) = (SizeOf(live), SizeOf(manifest.Body));
        return before is null || after is null || Quantities.Of(before) == Quantities.Of(after) ? null : new ClaimChange(before.ToString(), after.ToString());
    }

    private async Task GrowAsync(Manifest manifest, ClaimChange change, CancellationToken cancellation)
    {
        say($"{manifest.Name}: its volumes grow from {change.Before} to {change.After}");
        var claims = await api.GetAsync(ApiPath.Collection("v1", "PersistentVolumeClaim", manifest.Namespace), cancellation);
        foreach (var claim in (claims["items"] as JsonArray ?? []).OfType<JsonObject>().Where(c => IsOf(manifest, c) && Quantities.Of(c["spec"]?["resources"]?["requests"]?["storage"]) < Quantities.Of(change.After)))
        {
            await GrowAsync(manifest, (string)claim["metadata"]!["name"]!, change, cancellation);
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

    private static JsonNode? Requests(JsonObject? body) =>
        ((string?)body?["kind"] == "PersistentVolumeClaim" ? body : body?["spec"]?["volumeClaimTemplates"]?[0])?["spec"]?["resources"]?["requests"];

    private static Manifest Keeping(Manifest manifest, JsonNode? size, string? policy = null)
    {
        var copy = manifest.Body.DeepClone().AsObject();
        Requests(copy)!["storage"] = size?.DeepClone();
        if (policy is not null)
        {
            copy["spec"]![RemadeSet.Policy] = policy;
        }
        return new Manifest(copy);
    }
}

public sealed record ClaimChange(string Before, string After)
{
    public bool Shrinks => Quantities.Of(After) < Quantities.Of(Before);
}
