using System.Text.Json.Nodes;
using Provost.Rendering.Kubernetes.Manifests;
using Provost.Topology.Environments;
using Provost.Topology.Model;

namespace Provost.Rendering.Kubernetes.Access;

/// <summary>Secrets that the External Secrets Operator keeps like those of a store.</summary>
internal static class ExternalSecrets
{
    public static IEnumerable<Manifest> Render(ClusterSite site) => site.Cluster.Secrets.Source is not SecretSource.ExternalSecrets ? [] :
        Services(site).Select(service => new Manifest(new JsonObject
        {
            ["apiVersion"] = "external-secrets.io/v1",
            ["kind"] = "ExternalSecret",
            ["metadata"] = site.Metadata(SecretNames.Of(service), Components.Site),
            ["spec"] = new JsonObject
            {
                ["refreshInterval"] = "1h0m0s",
                ["secretStoreRef"] = new JsonObject { ["kind"] = "ClusterSecretStore", ["name"] = site.Cluster.Secrets.Store },
                // Names and pseudonyms depend on the keys: they stay when this object goes.
                ["target"] = new JsonObject { ["name"] = SecretNames.Of(service), ["creationPolicy"] = "Orphan", ["deletionPolicy"] = "Retain" },
                ["data"] = new JsonArray([.. SecretNames.ValuesOf(service).Select(name => (JsonNode)new JsonObject
                {
                    ["secretKey"] = name,
                    ["remoteRef"] = new JsonObject { ["key"] = site.Cluster.Secrets.Path, ["property"] = name },
                })]),
            },
        }));

    // The keys of a store that is elsewhere are for nobody here.
    private static IEnumerable<string> Services(ClusterSite site) => SecretNames.Services.Where(s => s == Secrets.Operator || Components.Of(site.Site).Contains(s));
}
