using System.Text.Json.Nodes;
using Provost.Rendering.Kubernetes.Manifests;

namespace Provost.Rendering.Kubernetes.Workloads;

/// <summary>Who stays on a full node: stores before services, both before work of others that has no class.</summary>
internal static class PriorityClasses
{
    private const int Stores = 100_000;
    private const int Services = 50_000;

    public static string NameFor(ClusterSite site, string component) =>
        $"{site.Namespace}-{(Components.KindOf(component) == "store" ? "stores" : "services")}";

    public static IEnumerable<string> Names(ClusterSite site) => Render(site).Select(manifest => manifest.Name);

    public static IEnumerable<Manifest> Render(ClusterSite site) => !site.Cluster.PriorityClasses ? [] :
    [
        Of(site, Components.ClickHouse, Stores, "The stores of a Provost site: without them nothing works."),
        Of(site, Components.Api, Services, "The services of a Provost site."),
    ];

    private static Manifest Of(ClusterSite site, string component, int value, string description) => new(new JsonObject
    {
        ["apiVersion"] = "scheduling.k8s.io/v1",
        ["kind"] = "PriorityClass",
        ["metadata"] = site.ClusterMetadata(NameFor(site, component), Components.Site),
        ["value"] = value,
        ["globalDefault"] = false,
        ["preemptionPolicy"] = "PreemptLowerPriority",
        ["description"] = description,
    });
}
