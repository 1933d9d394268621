using System.Text.Json.Nodes;
using Provost.Rendering.Kubernetes.Manifests;
using Provost.Topology.Model;

namespace Provost.Rendering.Kubernetes.Namespaces;

/// <summary>The namespace of a site, and what nobody in it can exceed.</summary>
internal static class Boundaries
{
    public static IEnumerable<Manifest> Render(ClusterSite site)
    {
        yield return Namespace(site);
        yield return Quota(site);
        yield return Limits(site);
    }

    private static Manifest Namespace(ClusterSite site)
    {
        var labels = site.Labels(Components.Site);
        foreach (var mode in (string[])["enforce", "audit", "warn"])
        {
            labels["pod-security.kubernetes.io/" + mode] = "restricted";
            labels[$"pod-security.kubernetes.io/{mode}-version"] = "latest";
        }
        return new Manifest(new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Namespace",
            ["metadata"] = new JsonObject { ["name"] = site.Namespace, ["labels"] = labels },
        });
    }

    private static Manifest Quota(ClusterSite site)
    {
        var demand = Demand.Of(site);
        var most = demand.Needs.Times(site.Cluster.QuotaHeadroom);
        return new Manifest(new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "ResourceQuota",
            ["metadata"] = site.Metadata("site", Components.Site),
            ["spec"] = new JsonObject
            {
                ["hard"] = new JsonObject
                {
                    ["requests.cpu"] = Quantity.Cores(most.Cpu),
                    ["limits.cpu"] = Quantity.Cores(most.CpuLimit),
                    ["requests.memory"] = Quantity.Bytes(most.Memory),
                    ["limits.memory"] = Quantity.Bytes(most.MemoryLimit),
                    ["requests.storage"] = Quantity.Bytes(new ByteSize((long)(demand.Storage.Bytes * site.Cluster.QuotaHeadroom))),
                    ["persistentvolumeclaims"] = Text(demand.Claims * 2),
                    ["pods"] = Text((int)Math.Ceiling(demand.Pods * site.Cluster.QuotaHeadroom)),
                    ["services.loadbalancers"] = site.Cluster.Edge.Service is ServiceType.LoadBalancer ? "1" : "0",
                    ["services.nodeports"] = site.Cluster.Edge.Service is ServiceType.ClusterIp ? "0" : "2",
                },
            },
        });
    }

    // For pods of others' making: a debugging shell, an injected container.
    private static Manifest Limits(ClusterSite site) => new(new JsonObject
    {
        ["apiVersion"] = "v1",
        ["kind"] = "LimitRange",
        ["metadata"] = site.Metadata("site", Components.Site),
        ["spec"] = new JsonObject
        {
            ["limits"] = new JsonArray(new JsonObject
            {
                ["type"] = "Container",
                ["default"] = new JsonObject { ["cpu"] = "250m", ["memory"] = "128Mi" },
                ["defaultRequest"] = new JsonObject { ["cpu"] = "20m", ["memory"] = "32Mi" },
            }),
        },
    });

    private static string Text(int number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
