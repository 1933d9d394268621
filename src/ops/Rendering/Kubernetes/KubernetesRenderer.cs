using Provost.Rendering.Kubernetes.Access;
using Provost.Rendering.Kubernetes.Edges;
using Provost.Rendering.Kubernetes.Manifests;
using Provost.Rendering.Kubernetes.Namespaces;
using Provost.Rendering.Kubernetes.Network;
using Provost.Rendering.Kubernetes.Scaling;
using Provost.Rendering.Kubernetes.Stores;
using Provost.Rendering.Kubernetes.Trees;
using Provost.Rendering.Kubernetes.Workloads;
using Provost.Topology.Model;

namespace Provost.Rendering.Kubernetes;

/// <summary>A site on Kubernetes: its objects in the order in which they are needed, and the tree of files that holds them.</summary>
public static class KubernetesRenderer
{
    public static IReadOnlyList<Manifest> Manifests(ClusterSite site) => [.. Parts(site).SelectMany(part => part.Manifests)];

    public static IReadOnlyList<RenderedFile> Tree(ClusterSite site) => KustomizeTree.Of(site, Parts(site));

    private static List<(string File, IReadOnlyList<Manifest> Manifests)> Parts(ClusterSite site)
    {
        List<(string File, IReadOnlyList<Manifest> Manifests)> parts =
        [
            ("namespace", [.. Boundaries.Render(site), .. PriorityClasses.Render(site)]),
            ("access", [.. ServiceAccounts.Render(site)]),
            ("network", [.. NetworkPolicies.Render(site)]),
            ("secrets", [.. ExternalSecrets.Render(site), .. SecretsJob.Render(site)]),
            ("redis", [.. Redis(site)]),
            ("clickhouse", [.. ClickHouse(site)]),
            ("api", [.. Deployments.Api(site), Service.Of(site, Components.Api, ("http", Ports.Http, "http"))]),
            ("web", [.. Deployments.Web(site), Service.Of(site, Components.Web, ("http", Ports.Http, "http")), Service.Pods(site, Components.Web, ("http", Ports.Http, "http"))]),
            ("gateway", [.. Deployments.Gateway(site), .. Exposure.Render(site)]),
            ("backup", [.. Schedules.Backups.Render(site)]),
            ("scaling", [.. Autoscalers.Render(site), .. DisruptionBudgets.Render(site)]),
        ];
        return [.. parts.Where(part => part.Manifests.Count > 0)];
    }

    private static IEnumerable<Manifest> Redis(ClusterSite site) => site.Cluster.Redis.Mode switch
    {
        StoreMode.Embedded => EmbeddedStores.Redis(site),
        StoreMode.Replicated => ReplicatedRedis.Render(site),
        _ => [],
    };

    private static IEnumerable<Manifest> ClickHouse(ClusterSite site) => site.Cluster.ClickHouse.Mode switch
    {
        StoreMode.Embedded => EmbeddedStores.ClickHouse(site),
        StoreMode.Replicated => [.. KeeperStore.Render(site), .. ReplicatedClickHouse.Render(site)],
        _ => [],
    };
}
