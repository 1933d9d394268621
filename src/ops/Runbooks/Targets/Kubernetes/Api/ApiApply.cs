using System.Text.Json.Nodes;
using Provost.Rendering.Kubernetes.Manifests;

namespace Provost.Runbooks.Targets.Kubernetes.Api;

/// <summary>Server-side apply: the server knows which fields are ours, and refuses when somebody else holds one.</summary>
public static class ApiApply
{
    public const string FieldManager = "provost";

    private const string Patch = "application/apply-patch+yaml";

    public static Task<JsonObject> ApplyAsync(this ApiConnection api, Manifest manifest, CancellationToken cancellation) =>
        api.SendAsync(HttpMethod.Patch, $"{ApiPath.Of(manifest)}?fieldManager={FieldManager}&fieldValidation=Strict", manifest.Body, cancellation, Patch);

    /// <summary>What the object would be; nothing changes.</summary>
    public static Task<JsonObject> DryRunAsync(this ApiConnection api, Manifest manifest, CancellationToken cancellation) =>
        api.SendAsync(HttpMethod.Patch, $"{ApiPath.Of(manifest)}?fieldManager={FieldManager}&fieldValidation=Strict&dryRun=All", manifest.Body, cancellation, Patch);

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
