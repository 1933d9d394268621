using System.Text.Json.Nodes;
using Provost.Rendering.Kubernetes.Access;
using Provost.Rendering.Kubernetes.Manifests;
using Provost.Topology.Environments;
using Provost.Topology.Model;
using static Provost.Rendering.Tests.Kubernetes.Conformance.FieldRule;

namespace Provost.Rendering.Tests.Kubernetes.Conformance;

/// <summary>What the pods that make backups need, and nobody else has.</summary>
internal static class BackupRules
{
    private const string Secrets = "/provost/secrets";

    /// <summary>Where the tool looks, whatever it is told.</summary>
    public static readonly string[] Paths = ["/provost/backup", "/repositories/local", $"{Secrets}/api/x", $"{Secrets}/operator/x"];

    public static readonly string[] CronJobs = ["backup", "verify", "prune", "erasures"];

    public static IEnumerable<FieldRule> CronJob(ClusterSite site) =>
    [
        new("spec jobTemplate spec activeDeadlineSeconds", "a run that hangs would keep the next ones from beginning", AtLeast(60)),
        new("spec", "the schedule is off, and it would run", spec => ((bool?)spec["suspend"] == true) != site.Site.Backup.Schedule.Enabled),
        new("spec schedule", "verify and prune follow the backup", times => (string?)times == "*/10 * * * *" || Hours(site).Contains((string?)times)),
    ];

    public static IEnumerable<FieldRule> Placement(ClusterSite site) =>
    [
        new("spec affinity podAffinity requiredDuringSchedulingIgnoredDuringExecution", "a volume is on one node at a time", list => Items(list).Any(item => (string?)item["topologyKey"] == "kubernetes.io/hostname"
            && (string?)item["labelSelector"]?["matchLabels"]?["app.kubernetes.io/name"] == (IsEmbedded(site) ? "redis" : "backup")
            && (string?)item["labelSelector"]?["matchLabels"]?["app.kubernetes.io/instance"] == site.Installation.Name)),
    ];

    public static IEnumerable<FieldRule> Claim(ClusterSite site) =>
    [
        new("spec accessModes", "the server refuses it", Set("ReadWriteOnce")),
        new("spec resources requests storage", "the server refuses it", size => Amounts.Bytes(size) == site.Cluster.Backup.Volume.Bytes),
        new("spec", "another class could lose backups with the node", spec => (string?)spec["storageClassName"] == site.Cluster.Backup.StorageClass),
    ];

    /// <summary>Which file each secret becomes, and that the stores are only read.</summary>
    public static IEnumerable<string> Violations(ClusterSite site, IReadOnlyList<JsonObject> objects)
    {
        foreach (var job in objects.Where(o => (string?)o["kind"] == "CronJob" && CronJobs.Contains(ReferenceRules.Name(o))))
        {
            var spec = WorkloadRules.Pod(job)?["spec"];
            if (site.Cluster.Secrets.Source is not SecretSource.Vault && !Files(spec).ToHashSet().SetEquals(Wanted(site)))
            {
                yield return $"{ReferenceRules.Name(job)} gets the secrets {string.Join(", ", Wanted(site))}";
            }
            if (site.Cluster.Secrets.Source is SecretSource.Vault && !IsInjected(site, WorkloadRules.Pod(job)!))
            {
                yield return $"{ReferenceRules.Name(job)} gets its secrets from Vault";
            }
            var claims = Items(spec?["volumes"]).Select(v => (string?)v["persistentVolumeClaim"]?["claimName"]).OfType<string>().ToHashSet();
            if (!claims.SetEquals(IsEmbedded(site) ? ["backup", "data-redis-0"] : ["backup"]))
            {
                yield return $"{ReferenceRules.Name(job)} has the volume of backups, and the files of an embedded Redis";
            }
            var mounts = Items(spec?["containers"]?[0]?["volumeMounts"]).ToList();
            if (site.Cluster.Secrets.Source is not SecretSource.Vault && ((string[])["api", "operator"]).Any(part => !mounts.Any(m => (string?)m["mountPath"] == $"{Secrets}/{part}" && (string?)m["subPath"] == part)))
            {
                yield return $"{ReferenceRules.Name(job)} finds its secrets below its state directory";
            }
            if (mounts.Any(m => (string?)m["mountPath"] is "/stores" && (bool?)m["readOnly"] != true))
            {
                yield return $"{ReferenceRules.Name(job)} could write into a store";
            }
        }
    }

    private static IEnumerable<string?> Hours(ClusterSite site)
    {
        var daily = site.Site.Backup.Schedule.Daily.Split(':').Select(part => int.Parse(part, System.Globalization.CultureInfo.InvariantCulture)).ToArray();
        return Enumerable.Range(0, 3).Select(hour => $"{daily[1]} {(daily[0] + hour) % 24} * * *");
    }

    private static IEnumerable<string> Files(JsonNode? spec) => Items(spec?["volumes"]).Where(v => v["projected"] is not null).SelectMany(v => Items(v["projected"]!["sources"]))
        .SelectMany(source => Items(source["secret"]?["items"]).Select(item => $"{source["secret"]!["name"]} {item["key"]} {item["path"]}"));

    private static IEnumerable<string> Wanted(ClusterSite site) =>
    [
        .. Topology.Environments.Secrets.Of("api").Select(name => $"api-secrets {name} api/{name}"),
        .. Topology.Environments.Secrets.Of("operator").Select(name => $"operator-secrets {name} operator/{name}"),
        $"backup-secrets {SecretNames.BackupKey} operator/{SecretNames.BackupKey}",
        .. Buckets(site).Select(name => $"backup-buckets {name} operator/{name}"),
    ];

    private static IEnumerable<string> Buckets(ClusterSite site) => site.Site.Backup.Destinations.Where(d => d.Value.Bucket is not null).Select(d => $"Backup__{d.Key}");

    private static bool IsInjected(ClusterSite site, JsonObject pod) => VaultRules.Holds(site, pod,
    [
        .. Topology.Environments.Secrets.Of("api").Select(name => $"api-{name}"), .. Topology.Environments.Secrets.Of("operator").Append(SecretNames.BackupKey).Concat(Buckets(site)).Select(name => $"operator-{name}"),
    ], Secrets);

    private static bool IsEmbedded(ClusterSite site) => site.Cluster.Redis.Mode is StoreMode.Embedded;
}
