using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Provost.Rendering.Kubernetes.Manifests;

namespace Provost.Runbooks.Targets.Kubernetes.Api;

/// <summary>Server-side apply: the server knows which fields are ours, and refuses when somebody else holds one.</summary>
public static partial class ApiApply
{
    public const string FieldManager = "provost";

    private const string Patch = "application/apply-patch+yaml";

    /// <summary>Fields of an earlier `kubectl apply` are taken over, as kubectl itself does; those of anybody else are a conflict.</summary>
    public static Task<JsonObject> ApplyAsync(this ApiConnection api, Manifest manifest, CancellationToken cancellation) => api.ApplyAsync(manifest, "", cancellation);

    /// <summary>What the object would be; nothing changes.</summary>
    public static Task<JsonObject> DryRunAsync(this ApiConnection api, Manifest manifest, CancellationToken cancellation) => api.ApplyAsync(manifest, "&dryRun=All", cancellation);

    private static async Task<JsonObject> ApplyAsync(this ApiConnection api, Manifest manifest, string options, CancellationToken cancellation)
    {
        var path = $"{ApiPath.Of(manifest)}?fieldManager={FieldManager}&fieldValidation=Strict{options}";
        try
        {
            return await api.SendAsync(HttpMethod.Patch, path, manifest.Body, cancellation, Patch);
        }
        catch (ApiRefusal refusal) when (refusal.IsConflict && IsWithKubectlAlone(refusal.Message))
        {
            return await api.SendAsync(HttpMethod.Patch, path + "&force=true", manifest.Body, cancellation, Patch);
        }
    }

    // "Apply failed with 2 conflicts: conflicts with "kubectl-client-side-apply" using apps/v1: ..."
    private static bool IsWithKubectlAlone(string message) =>
        ConflictWith().Matches(message) is { Count: > 0 } managers && managers.All(m => m.Groups[1].Value == "kubectl-client-side-apply");

    [GeneratedRegex("conflicts? with \"([^\"]+)\"")]
    private static partial Regex ConflictWith();

    public static async Task DeleteAsync(this ApiConnection api, string path, CancellationToken cancellation)
    {
        try
        {
            await api.SendAsync(HttpMethod.Delete, path, new JsonObject { ["apiVersion"] = "v1", ["kind"] = "DeleteOptions", ["propagationPolicy"] = "Background" }, cancellation);
        }
        catch (ApiRefusal refusal) when (refusal.IsNotFound)
        {
            // Gone is what was wanted.
        }
    }
}
