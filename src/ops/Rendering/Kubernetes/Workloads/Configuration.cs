using System.Text.Json.Nodes;
using Provost.Rendering.Kubernetes.Manifests;

namespace Provost.Rendering.Kubernetes.Workloads;

/// <summary>A ConfigMap that nobody can change under those who use it: another content is another name.</summary>
internal static class Configuration
{
    public static Manifest Of(ClusterSite site, string component, string purpose, IEnumerable<KeyValuePair<string, string>> data)
    {
        var content = new JsonObject(data.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => KeyValuePair.Create(p.Key, (JsonNode?)p.Value)));
        return new Manifest(new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "ConfigMap",
            ["metadata"] = site.Metadata($"{component}-{purpose}-{ContentHash.Of(content)}", component),
            ["immutable"] = true,
            ["data"] = content,
        });
    }
}
