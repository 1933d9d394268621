using System.Text.Json.Nodes;
using Provost.Rendering.Kubernetes.Manifests;
using Provost.Rendering.Kubernetes.Workloads;

namespace Provost.Rendering.Kubernetes.Trees;

/// <summary>The same site in another place: a staging beside the production, smaller and with a name of its own.</summary>
internal static class Overlays
{
    public static JsonObject Staging(ClusterSite site)
    {
        var overlay = Head(site.Namespace + "-staging");
        overlay["replicas"] = site.Cluster.Autoscaling.Enabled ? null : new JsonArray([.. Services.Select(name => (JsonNode)new JsonObject { ["name"] = name, ["count"] = 1 })]);
        overlay["patches"] = new JsonArray(
        [
            .. site.Site.Domain is { } domain ? PublicName(site, "staging." + domain) : [],
            .. site.Cluster.Autoscaling.Enabled ? Services.Select(name => Replace("HorizontalPodAutoscaler", name, "/spec/minReplicas", 1)) : [],
        ]);
        return overlay;
    }

    /// <summary>The site as it is: the place for patches that production alone has.</summary>
    public static JsonObject Production(ClusterSite site) => Head(site.Namespace);

    private static IEnumerable<string> Services { get; } = [Components.Api, Components.Web, Components.Gateway];

    private static JsonObject Head(string name)
    {
        var head = KustomizeTree.Head(new JsonArray("../../base"));
        head["namespace"] = name;
        return head;
    }

    // Sign-in links, the certificate and the route have the name that people type.
    private static IEnumerable<JsonNode> PublicName(ClusterSite site, string domain)
    {
        var url = $"{site.Site.PublicUrl().Scheme}://{domain}";
        yield return Patch("Deployment", Components.Api, new JsonObject
        {
            ["op"] = "add",
            ["path"] = "/spec/template/spec/containers/0/env/-",
            ["value"] = Container.Value("PROVOST_Public__Url", url),
        });
        switch (site.Cluster.Edge.Kind)
        {
            case Topology.Model.EdgeKind.Ingress:
                yield return Replace("Ingress", Components.Gateway, "/spec/rules/0/host", domain);
                if (site.Cluster.Tls.Source is not (Topology.Model.TlsSource.None or Topology.Model.TlsSource.Controller))
                {
                    yield return Replace("Ingress", Components.Gateway, "/spec/tls/0/hosts/0", domain);
                }
                break;
            case Topology.Model.EdgeKind.HttpRoute:
                yield return Replace("HTTPRoute", Components.Gateway, "/spec/hostnames/0", domain);
                break;
        }
        if (site.Cluster.Tls.Source is Topology.Model.TlsSource.CertManager)
        {
            yield return Replace("Certificate", Components.Gateway, "/spec/dnsNames/0", domain);
        }
    }

    private static JsonObject Replace(string kind, string name, string path, JsonNode value) =>
        Patch(kind, name, new JsonObject { ["op"] = "replace", ["path"] = path, ["value"] = value });

    private static JsonObject Patch(string kind, string name, JsonObject operation) => new()
    {
        ["target"] = new JsonObject { ["kind"] = kind, ["name"] = name },
        ["patch"] = Yaml.Write(new JsonArray(operation)),
    };
}
