using System.Text.Json.Nodes;
using Provost.Rendering.Kubernetes.Access;
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
.. site.Cluster.PriorityClasses ? PriorityClasses.Names(site).Select(name => Renamed(name, site.Namespace + "-staging" + name[site.Namespace.Length..])) : [],
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

    // They are objects of the whole cluster: under one name, removing the staging would take those of production along. What refers to
    // them follows.
    private static JsonObject Renamed(string from, string to)
    {
        var patch = Replace("PriorityClass", from, "/metadata/name", to);
        patch["options"] = new JsonObject { ["allowNameChange"] = true };
        return patch;
    }

    // A certificate of the installation's own authority is for the name that the job is told, and the gateway answers to it.
    private static IEnumerable<JsonNode> OwnAuthority(ClusterSite site, string domain)
    {
        var index = SecretsJob.DomainIndex(site);
        yield return Replace("Job", "secrets-.*", $"/spec/template/spec/containers/0/args/{index}", domain);
        yield return Replace("CronJob", "certificate", $"/spec/jobTemplate/spec/template/spec/containers/0/args/{index}", domain);
    }

    // Sign-in links, the certificate and the route have the name that people type.
    private static IEnumerable<JsonNode> PublicName(ClusterSite site, string domain)
    {
        var url = $"{site.Site.PublicUrl().Scheme}://{domain}";
        yield return Variable(Components.Api, "PROVOST_Public__Url", url);
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
        if (Network.Ports.GatewaySpeaksTls(site))
        {
            yield return Variable(Components.Gateway, "PROVOST_Gateway__Domain", domain);
        }
        foreach (var patch in site.Cluster.Tls.Source is Topology.Model.TlsSource.Authority ? OwnAuthority(site, domain) : [])
        {
            yield return patch;
        }
        if (site.Cluster.Tls.Source is Topology.Model.TlsSource.CertManager)
        {
            yield return Replace("Certificate", Components.Gateway, "/spec/dnsNames/0", domain);
        }
    }

    private static JsonObject Variable(string deployment, string name, string value) => Patch("Deployment", deployment, new JsonObject
    {
        ["op"] = "add",
        ["path"] = "/spec/template/spec/containers/0/env/-",
        ["value"] = Container.Value(name, value),
    });

    private static JsonObject Replace(string kind, string name, string path, JsonNode value) =>
        Patch(kind, name, new JsonObject { ["op"] = "replace", ["path"] = path, ["value"] = value });

    private static JsonObject Patch(string kind, string name, JsonObject operation) => new()
    {
        ["target"] = new JsonObject { ["kind"] = kind, ["name"] = name },
        ["patch"] = Yaml.Write(new JsonArray(operation)),
    };
}
