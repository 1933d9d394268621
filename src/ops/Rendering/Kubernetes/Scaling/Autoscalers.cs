using System.Text.Json.Nodes;
using Provost.Rendering.Kubernetes.Manifests;
using Provost.Rendering.Kubernetes.Workloads;

namespace Provost.Rendering.Kubernetes.Scaling;

/// <summary>Replicas by load: fast up, slowly down, so that a lecture's beginning does not meet a lecture's end.</summary>
internal static class Autoscalers
{
    private const string LiveConnections = "kestrel_upgraded_connections";

    public static IEnumerable<Manifest> Render(ClusterSite site)
    {
        var scaling = site.Cluster.Autoscaling;
        return !scaling.Enabled ? [] :
        [
            Of(site, Components.Api, scaling.Api, scaling.LiveConnections),
            Of(site, Components.Web, scaling.Edge, 0),
            Of(site, Components.Gateway, scaling.Edge, 0),
        ];
    }

    private static Manifest Of(ClusterSite site, string component, int most, int liveConnections)
    {
        var least = Deployments.ReplicasOf(site, component);
        return new Manifest(new JsonObject
        {
            ["apiVersion"] = "autoscaling/v2",
            ["kind"] = "HorizontalPodAutoscaler",
            ["metadata"] = site.Metadata(component, component),
            ["spec"] = new JsonObject
            {
                ["scaleTargetRef"] = new JsonObject { ["apiVersion"] = "apps/v1", ["kind"] = "Deployment", ["name"] = component },
                ["minReplicas"] = least,
                ["maxReplicas"] = Math.Max(least, most),
                ["metrics"] = new JsonArray(Cpu(site.Cluster.Autoscaling.CpuPercent), liveConnections > 0 ? Live(liveConnections) : null),
                ["behavior"] = new JsonObject
                {
                    ["scaleUp"] = Pace(0, "Percent", 100, 15),
                    ["scaleDown"] = Pace(300, "Pods", 1, 60),
                },
            },
        });
    }

    private static JsonObject Cpu(int percent) => new()
    {
        ["type"] = "Resource",
        ["resource"] = new JsonObject { ["name"] = "cpu", ["target"] = new JsonObject { ["type"] = "Utilization", ["averageUtilization"] = percent } },
    };

    private static JsonObject Live(int connections) => new()
    {
        ["type"] = "Pods",
        ["pods"] = new JsonObject
        {
            ["metric"] = new JsonObject { ["name"] = LiveConnections },
            ["target"] = new JsonObject { ["type"] = "AverageValue", ["averageValue"] = Quantity.Count(connections) },
        },
    };

    private static JsonObject Pace(int windowSeconds, string type, int value, int periodSeconds) => new()
    {
        ["stabilizationWindowSeconds"] = windowSeconds,
        ["policies"] = new JsonArray(new JsonObject { ["type"] = type, ["value"] = value, ["periodSeconds"] = periodSeconds }),
    };
}
