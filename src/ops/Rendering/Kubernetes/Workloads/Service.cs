using System.Text.Json.Nodes;
using Provost.Rendering.Kubernetes.Manifests;

namespace Provost.Rendering.Kubernetes.Workloads;

/// <summary>The name by which a component's pods are reached.</summary>
internal static class Service
{
    public static Manifest Of(ClusterSite site, string component, params (string Name, int Port, string Target)[] ports) =>
        Render(site, component, component, ports, new JsonObject { ["type"] = "ClusterIP" });

    /// <summary>Names for each pod of a StatefulSet, also while it is not ready: members of a cluster find each other first.</summary>
    public static Manifest Pods(ClusterSite site, string component, params (string Name, int Port, string Target)[] ports) =>
        Render(site, PodsName(component), component, ports, new JsonObject { ["clusterIP"] = "None", ["publishNotReadyAddresses"] = true });

    public static string PodsName(string component) => component + "-pods";

    public static Manifest Render(ClusterSite site, string name, string component, (string Name, int Port, string Target)[] ports, JsonObject spec)
    {
        spec["selector"] = site.Selector(component);
        spec["ports"] = new JsonArray([.. ports.Select(p => (JsonNode)new JsonObject
        {
            ["name"] = p.Name, ["port"] = p.Port, ["targetPort"] = p.Target, ["protocol"] = "TCP",
        })]);
        return new Manifest(new JsonObject { ["apiVersion"] = "v1", ["kind"] = "Service", ["metadata"] = site.Metadata(name, component), ["spec"] = spec });
    }
}
