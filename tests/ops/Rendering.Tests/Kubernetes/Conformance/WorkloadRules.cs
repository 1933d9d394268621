using System.Text.Json.Nodes;
using Provost.Rendering.Kubernetes.Manifests;
using Provost.Topology.Model;
using static Provost.Rendering.Tests.Kubernetes.Conformance.FieldRule;

namespace Provost.Rendering.Tests.Kubernetes.Conformance;

/// <summary>What runs pods: Deployments, StatefulSets, Jobs and CronJobs.</summary>
internal static class WorkloadRules
{
    /// <summary>Where the pod is in an object of each kind.</summary>
    private static readonly Dictionary<string, string> PodOf = new()
    {
        ["Deployment"] = "spec template ",
        ["StatefulSet"] = "spec template ",
        ["Job"] = "spec template ",
        ["CronJob"] = "spec jobTemplate spec template ",
    };

    public static IEnumerable<FieldRule> Of(ClusterSite site, string kind, JsonObject body)
    {
        var component = (string?)body["metadata"]?["labels"]?["app.kubernetes.io/name"] ?? "";
        IEnumerable<FieldRule> own = kind switch
        {
            "Deployment" => Deployment(site),
            "StatefulSet" => StatefulSet(site, component),
            "Job" => [new("spec backoffLimit", "the default gives up before an API server has come back", AtLeast(6))],
            "CronJob" => [.. CronJob(site), .. component == Components.Backup ? BackupRules.CronJob(site) : []],
            _ => [new("kind", $"{kind} has no rules")],
        };
        return PodOf.TryGetValue(kind, out var pod) ? [.. own, .. PodRules.Of(site, component, kind).Select(rule => rule.Below(pod))] : [new("unknown", $"a {kind} that no rule is about")];
    }

    /// <summary>The pod of an object; null when it runs none.</summary>
    public static JsonObject? Pod(JsonObject body) => (string?)body["kind"] is { } kind && PodOf.TryGetValue(kind, out var path)
        ? path.TrimEnd().Split(' ').Aggregate((JsonNode?)body, (node, key) => (node as JsonObject)?[key]) as JsonObject
        : null;

    private static IEnumerable<FieldRule> Deployment(ClusterSite site) =>
    [
        new("spec", "a number beside an autoscaler throws its work back; none without one is a single replica", spec => spec["replicas"] is null == site.Cluster.Autoscaling.Enabled),
        new("spec minReadySeconds", "the old replica leaves before balancers know the new one", AtLeast(1)),
        new("spec progressDeadlineSeconds", "a rollout that hangs is not noticed, or one that starts slowly is", AtLeast(site.Site.Probes.Start.TotalSeconds)),
        new("spec revisionHistoryLimit", "old ReplicaSets pile up, or there is none to go back to", AtLeast(1)),
        .. ObjectRules.Selector(site, "spec selector matchLabels"),
        new("spec strategy type", "all old replicas could leave first", Is("RollingUpdate")),
        new("spec strategy rollingUpdate maxUnavailable", "a replica would leave before its successor serves", Is("0")),
        new("spec strategy rollingUpdate maxSurge", "a quarter more at once may not fit the quota", Is("1")),
    ];

    private static IEnumerable<FieldRule> StatefulSet(ClusterSite site, string component)
    {
        var (replicas, volume, storageClass) = Store(site, component);
        return
        [
            new("spec replicas", "a store without members, or with one that no other knows", Is($"{replicas}")),
            new("spec serviceName", "pods would have no names", Is(component + "-pods")),
            new("spec podManagementPolicy", "members that wait for each other would never start", Is("Parallel")),
            new("spec", "the next member would leave before this one has caught up", spec => replicas == 1 || (int?)spec["minReadySeconds"] > 0),
            new("spec revisionHistoryLimit", "old revisions pile up, or there is none to go back to", AtLeast(1)),
            new("spec persistentVolumeClaimRetentionPolicy whenDeleted", "data would go with the StatefulSet", Is("Retain")),
            new("spec persistentVolumeClaimRetentionPolicy whenScaled", "data would go with a replica", Is("Retain")),
            .. ObjectRules.Selector(site, "spec selector matchLabels"),
            new("spec updateStrategy type", "a new release would wait for somebody to delete pods", Is("RollingUpdate")),
            new("spec volumeClaimTemplates [] apiVersion", "client and server would never agree on it", Is("v1")),
            new("spec volumeClaimTemplates [] kind", "client and server would never agree on it", Is("PersistentVolumeClaim")),
            new("spec volumeClaimTemplates [] metadata name", "nobody could mount it", Is("data")),
            .. ObjectRules.Selector(site, "spec volumeClaimTemplates [] metadata labels"),
            new("spec volumeClaimTemplates [] spec accessModes", "the server refuses it", Set("ReadWriteOnce")),
            new("spec volumeClaimTemplates [] spec resources requests storage", "the server refuses it", size => Amounts.Bytes(size) == volume.Bytes),
            new("spec volumeClaimTemplates [] spec", "another class could lose data with the node", spec => (string?)spec["storageClassName"] == storageClass),
        ];
    }

    private static (int Replicas, ByteSize Volume, string? StorageClass) Store(ClusterSite site, string component)
    {
        var (redis, clickHouse) = (site.Cluster.Redis, site.Cluster.ClickHouse);
        return component switch
        {
            Components.Redis => (redis.Mode is StoreMode.Replicated ? redis.Replicas : 1, redis.Volume, redis.StorageClass),
            Components.Keeper => (clickHouse.Keepers, ByteSize.Mebibytes(1024), clickHouse.StorageClass),
            _ => (clickHouse.Mode is StoreMode.Replicated ? clickHouse.Replicas : 1, clickHouse.Volume, clickHouse.StorageClass),
        };
    }

    private static IEnumerable<FieldRule> CronJob(ClusterSite site) =>
    [
        new("spec schedule", "it would never run", times => ((string?)times)?.Split(' ').Length == 5),
        new("spec timeZone", "it would follow the clock of the controller's machine", Is("Etc/UTC")),
        new("spec concurrencyPolicy", "two runs would be in each other's way", Is("Forbid")),
        new("spec startingDeadlineSeconds", "after 100 missed times it would never run again", AtLeast(60)),
        new("spec successfulJobsHistoryLimit", "nobody could see that it ran", AtLeast(1)),
        new("spec failedJobsHistoryLimit", "nobody could see why it failed", AtLeast(1)),
        .. ObjectRules.Labels(site, "spec jobTemplate metadata labels"),
        new("spec jobTemplate spec backoffLimit", "the default repeats for an hour what will fail again", AtLeast(1)),
    ];
}
