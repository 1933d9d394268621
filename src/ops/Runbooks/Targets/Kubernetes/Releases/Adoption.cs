using System.Text.Json;
using System.Text.Json.Nodes;
using Provost.Rendering.Kubernetes.Manifests;
using Provost.Runbooks.Targets.Kubernetes.Api;

namespace Provost.Runbooks.Targets.Kubernetes.Releases;

/// <summary>
/// A site that was installed by `kubectl apply -k` has no release in the book: what kubectl says it applied becomes the first one,
/// so that a deployment can be undone to it.
/// </summary>
internal sealed class Adoption(ApiConnection api, string installation)
{
    private const string Applied = "kubectl.kubernetes.io/last-applied-configuration";

    /// <param name="kinds">Objects of the release that comes: what is looked for is of the same kinds.</param>
    /// <returns>What is there and is of this installation; empty when nothing is.</returns>
    public async Task<IReadOnlyList<Manifest>> FindAsync(IReadOnlyList<Manifest> kinds, CancellationToken cancellation)
    {
        List<Manifest> found = [];
        foreach (var kind in kinds.DistinctBy(m => (m.ApiVersion, m.Kind)))
        {
            var path = $"{ApiPath.Collection(kind.ApiVersion, kind.Kind, kind.Namespace)}?labelSelector={Uri.EscapeDataString($"app.kubernetes.io/instance={installation}")}";
            var list = await api.FindAsync(path, cancellation);
            found.AddRange((list?["items"] as JsonArray ?? []).OfType<JsonObject>().Select(Read).OfType<Manifest>());
        }
        return found;
    }

    /// <summary>Makes the fields that kubectl holds the tool's own.</summary>
    public async Task TakeOverAsync(IReadOnlyList<Manifest> manifests, CancellationToken cancellation)
    {
        foreach (var manifest in manifests)
        {
            if (await api.FindAsync(ApiPath.Of(manifest), cancellation) is not { } live || FieldOwners.TakenOver(live) is not { } owners)
            {
                continue;
            }
            // The version makes it a comparison: who changed the object meanwhile is not written over.
            var patch = new JsonArray(
                new JsonObject { ["op"] = "replace", ["path"] = "/metadata/managedFields", ["value"] = owners },
                new JsonObject { ["op"] = "replace", ["path"] = "/metadata/resourceVersion", ["value"] = live["metadata"]!["resourceVersion"]?.DeepClone() });
            await api.SendAsync(HttpMethod.Patch, $"{ApiPath.Of(manifest)}?fieldManager={ApiApply.FieldManager}", patch, cancellation, "application/json-patch+json");
        }
    }

    /// <summary>Version that its backend has as label.</summary>
    public static string VersionOf(IReadOnlyList<Manifest> manifests) =>
        manifests.Where(m => m is { Kind: "Deployment", Name: Components.Api }).Select(m => (string?)m.Body["metadata"]?["labels"]?["app.kubernetes.io/version"]).FirstOrDefault() ?? "unknown";

    private static Manifest? Read(JsonObject live)
    {
        try
        {
            return (string?)live["metadata"]?["annotations"]?[Applied] is { } text && JsonNode.Parse(text) is JsonObject body ? new Manifest(WithoutEmptyAnnotations(body)) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    // kubectl writes "annotations":{} into what it remembers.
    private static JsonObject WithoutEmptyAnnotations(JsonObject body)
    {
        if (body["metadata"] is JsonObject metadata && metadata["annotations"] is JsonObject { Count: 0 })
        {
            metadata.Remove("annotations");
        }
        return body;
    }
}
