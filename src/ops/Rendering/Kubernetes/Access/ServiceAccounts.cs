using System.Text.Json.Nodes;
using Provost.Rendering.Kubernetes.Manifests;
using Provost.Topology.Model;

namespace Provost.Rendering.Kubernetes.Access;

/// <summary>An account for each component, without a token; only the job that makes secrets may ask the cluster for anything.</summary>
internal static class ServiceAccounts
{
    public static IEnumerable<Manifest> Render(ClusterSite site)
    {
        foreach (var component in Components.Of(site.Site))
        {
            yield return new Manifest(new JsonObject
            {
                ["apiVersion"] = "v1",
                ["kind"] = "ServiceAccount",
                ["metadata"] = site.Metadata(component, component),
                ["automountServiceAccountToken"] = false,
            });
        }
        if (Components.NeedsSecretsJob(site.Cluster))
        {
            yield return SecretsRole(site);
            yield return SecretsRoleBinding(site);
        }
    }

    // Creating cannot be narrowed to names; reading and renewing can.
    private static Manifest SecretsRole(ClusterSite site) => new(new JsonObject
    {
        ["apiVersion"] = "rbac.authorization.k8s.io/v1",
        ["kind"] = "Role",
        ["metadata"] = site.Metadata(Components.Secrets, Components.Secrets),
        ["rules"] = new JsonArray(
            new JsonObject { ["apiGroups"] = new JsonArray(""), ["resources"] = new JsonArray("secrets"), ["verbs"] = new JsonArray("create") },
            new JsonObject
            {
                ["apiGroups"] = new JsonArray(""),
                ["resources"] = new JsonArray("secrets"),
                ["resourceNames"] = new JsonArray([.. Names(site).Select(name => (JsonNode)name)]),
                ["verbs"] = new JsonArray("get", "update"),
            }),
    });

    private static Manifest SecretsRoleBinding(ClusterSite site) => new(new JsonObject
    {
        ["apiVersion"] = "rbac.authorization.k8s.io/v1",
        ["kind"] = "RoleBinding",
        ["metadata"] = site.Metadata(Components.Secrets, Components.Secrets),
        ["roleRef"] = new JsonObject { ["apiGroup"] = "rbac.authorization.k8s.io", ["kind"] = "Role", ["name"] = Components.Secrets },
        ["subjects"] = new JsonArray(new JsonObject { ["kind"] = "ServiceAccount", ["name"] = Components.Secrets, ["namespace"] = site.Namespace }),
    });

    private static IEnumerable<string> Names(ClusterSite site) =>
    [
        .. site.Cluster.Secrets.Source is SecretSource.Generated ? SecretNames.Generated : [],
        .. site.Cluster.Tls.Source is TlsSource.Authority ? [SecretNames.Authority, site.Cluster.Tls.Secret] : Array.Empty<string>(),
    ];
}
