using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Provost.Rendering.Kubernetes.Manifests;

namespace Provost.Runbooks.Targets.Kubernetes.Api;

/// <summary>Server-side apply: the server knows which fields are ours, and refuses when somebody else holds one.</summary>
public static partial class ApiApply
{
    public const string FieldManager = "provost";

    /// <summary>How `kubectl apply` calls itself.</summary>
    public const string Kubectl = "kubectl-client-side-apply";

    // Holds the number of replicas from the release that leaves it to an autoscaler until the autoscaler takes it.
    private const string ReplicasManager = "provost-replicas";
    private const string Replicas = ".spec.replicas";
    private const string Patch = "application/apply-patch+yaml";

    private static readonly string[] ReplicasManagers = [ReplicasManager, "kube-controller-manager"];

    /// <summary>
    /// Fields of an earlier `kubectl apply` are taken over, as kubectl itself does, and the number of replicas from an autoscaler that
    /// the release has no longer; those of anybody else are a conflict.
    /// </summary>
    public static Task<JsonObject> ApplyAsync(this ApiConnection api, Manifest manifest, CancellationToken cancellation) => api.ApplyAsync(manifest, "", cancellation);

    /// <summary>What the object would be; nothing changes.</summary>
    public static Task<JsonObject> DryRunAsync(this ApiConnection api, Manifest manifest, CancellationToken cancellation) => api.ApplyAsync(manifest, "&dryRun=All", cancellation);

    /// <summary>
    /// A Deployment that leaves its replicas to an autoscaler: the number that is there stays. When nobody holds the field any more, the
    /// server falls back to one replica.
    /// </summary>
    public static async Task HandOverReplicasAsync(this ApiConnection api, Manifest manifest, CancellationToken cancellation)
    {
        if (manifest.Kind is not "Deployment" || manifest.Body["spec"]?["replicas"] is not null
            || await api.FindAsync(ApiPath.Of(manifest), cancellation) is not { } live || !HoldsReplicas(live))
        {
            return;
        }
        var held = new JsonObject
        {
            ["apiVersion"] = manifest.ApiVersion,
            ["kind"] = manifest.Kind,
            ["metadata"] = new JsonObject { ["name"] = manifest.Name, ["namespace"] = manifest.Namespace },
            ["spec"] = new JsonObject { ["replicas"] = live["spec"]?["replicas"]?.DeepClone() ?? 1 },
        };
        await api.SendAsync(HttpMethod.Patch, $"{ApiPath.Of(manifest)}?fieldManager={ReplicasManager}&force=true", held, cancellation, Patch);
    }

    private static bool HoldsReplicas(JsonObject live) => (live["metadata"]?["managedFields"] as JsonArray ?? []).Any(entry =>
        (string?)entry?["manager"] is FieldManager or Kubectl && (entry["fieldsV1"]?["f:spec"] as JsonObject)?.ContainsKey("f:replicas") == true);

    private static async Task<JsonObject> ApplyAsync(this ApiConnection api, Manifest manifest, string options, CancellationToken cancellation)
    {
        var path = $"{ApiPath.Of(manifest)}?fieldManager={FieldManager}&fieldValidation=Strict{options}";
        try
        {
            return await api.SendAsync(HttpMethod.Patch, path, manifest.Body, cancellation, Patch);
        }
        catch (ApiRefusal refusal) when (refusal.IsConflict && IsOurs(refusal))
        {
            return await api.SendAsync(HttpMethod.Patch, path + "&force=true", manifest.Body, cancellation, Patch);
        }
    }

    // Each cause names its field and, in words, who holds it: conflict with "kubectl-client-side-apply" using apps/v1.
    private static bool IsOurs(ApiRefusal refusal) => refusal.Causes.Count > 0
        ? refusal.Causes.All(cause => ConflictWith().Match(cause.Message) is { Success: true } holder
            && (holder.Groups[1].Value == Kubectl || (cause.Field == Replicas && ReplicasManagers.Contains(holder.Groups[1].Value))))
        : ConflictWith().Matches(refusal.Message) is { Count: > 0 } holders && holders.All(holder => holder.Groups[1].Value == Kubectl);

    [GeneratedRegex("conflicts? with \"([^\"]+)\"")]
    private static partial Regex ConflictWith();

    public static async Task DeleteAsync(this ApiConnection api, string path, CancellationToken cancellation, JsonObject? preconditions = null)
    {
        try
        {
            await api.SendAsync(HttpMethod.Delete, path, new JsonObject
            {
                ["apiVersion"] = "v1",
                ["kind"] = "DeleteOptions",
                ["propagationPolicy"] = "Background",
                ["preconditions"] = preconditions,
            }, cancellation);
        }
        catch (ApiRefusal refusal) when (refusal.IsNotFound)
        {
            // Gone is what was wanted.
        }
    }
}
