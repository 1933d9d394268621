using System.Text.Json.Nodes;
using Provost.Rendering.Kubernetes.Manifests;
using Provost.Rendering.Kubernetes.Workloads;
using Provost.Topology.Model;

namespace Provost.Rendering.Kubernetes.Stores;

/// <summary>Pods with a name and a volume of their own. A volume outlives its pod and its StatefulSet.</summary>
internal static class StatefulSets
{
    public static Manifest Render(ClusterSite site, string component, int replicas, Pod pod, ByteSize volume, string? storageClass) => new(new JsonObject
    {
        ["apiVersion"] = "apps/v1",
        ["kind"] = "StatefulSet",
        ["metadata"] = site.Metadata(component, component),
        ["spec"] = new JsonObject
        {
            ["replicas"] = replicas,
            ["serviceName"] = Service.PodsName(component),
            // Members of a cluster start together: each waits for the others. And a pod that never gets ready must not keep the
            // template that mends it from coming (kubernetes/kubernetes#67250).
            ["podManagementPolicy"] = "Parallel",
            ["minReadySeconds"] = replicas > 1 ? 10 : null,
            ["revisionHistoryLimit"] = 5,
            ["persistentVolumeClaimRetentionPolicy"] = new JsonObject { ["whenDeleted"] = "Retain", ["whenScaled"] = "Retain" },
            ["selector"] = new JsonObject { ["matchLabels"] = site.Selector(component) },
            ["updateStrategy"] = new JsonObject { ["type"] = "RollingUpdate" },
            ["template"] = pod.Render(site),
            ["volumeClaimTemplates"] = new JsonArray(new JsonObject
            {
                ["apiVersion"] = "v1",
                ["kind"] = "PersistentVolumeClaim",
                // A template cannot change: no label in it that does.
                ["metadata"] = new JsonObject { ["name"] = "data", ["labels"] = site.Selector(component) },
                ["spec"] = Volume.ClaimSpec(storageClass, volume),
            }),
        },
    });
}
