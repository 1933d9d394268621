using System.Text.Json.Nodes;
using Provost.Rendering.Kubernetes.Manifests;
using Provost.Rendering.Kubernetes.Workloads;
using Provost.Topology.Model;

namespace Provost.Rendering.Kubernetes.Scaling;

/// <summary>A node that is emptied takes one replica of each component at a time. A single replica has no budget: it would hold the node up for ever.</summary>
internal static class DisruptionBudgets
{
    public static IEnumerable<Manifest> Render(ClusterSite site) => Components.Of(site.Site).Where(c => Replicas(site, c) > 1).Select(component => new Manifest(new JsonObject
    {
        ["apiVersion"] = "policy/v1",
        ["kind"] = "PodDisruptionBudget",
        ["metadata"] = site.Metadata(component, component),
        ["spec"] = new JsonObject
        {
            ["maxUnavailable"] = 1,
            ["selector"] = new JsonObject { ["matchLabels"] = site.Selector(component) },
            // A replica that is not ready anyway does not hold the node up.
            ["unhealthyPodEvictionPolicy"] = "AlwaysAllow",
        },
    }));

    private static int Replicas(ClusterSite site, string component) => component switch
    {
        Components.Api or Components.Web or Components.Gateway => Deployments.ReplicasOf(site, component),
        Components.Redis when site.Cluster.Redis.Mode is StoreMode.Replicated => site.Cluster.Redis.Replicas,
        Components.ClickHouse when site.Cluster.ClickHouse.Mode is StoreMode.Replicated => site.Cluster.ClickHouse.Replicas,
        Components.Keeper => site.Cluster.ClickHouse.Keepers,
        _ => 1,
    };
}
