using System.Text.Json.Nodes;
using Provost.Rendering.Kubernetes.Access;
using Provost.Rendering.Kubernetes.Manifests;
using Provost.Rendering.Kubernetes.Network;
using Provost.Topology.Environments;
using Provost.Topology.Model;
using static Provost.Rendering.Tests.Kubernetes.Conformance.FieldRule;

namespace Provost.Rendering.Tests.Kubernetes.Conformance;

/// <summary>What a site must have as a whole: everything that its components need, room for it, and the network they declare.</summary>
internal static class SiteRules
{
    private static readonly string[] Services = [Components.Api, Components.Web, Components.Gateway];

    public static IEnumerable<string> Violations(ClusterSite site, IReadOnlyList<JsonObject> objects) =>
        Objects(site, objects).Concat(Settings(site, objects)).Concat(Doors(site, objects)).Concat(Room(objects)).Concat(Secrets(site, objects)).Concat(BackupRules.Violations(site, objects)).Concat(Network(site, objects));

    private static IEnumerable<string> Objects(ClusterSite site, IReadOnlyList<JsonObject> objects)
    {
        var present = objects.Select(o => $"{o["kind"]} {ReferenceRules.Name(o)}").ToHashSet();
        // What a job does cannot be changed: each has a name of its own.
        var made = objects.Any(o => (string?)o["kind"] == "Job" && ReferenceRules.Name(o).StartsWith("secrets-", StringComparison.Ordinal));
        return Wanted(site).Where(wanted => !present.Contains(wanted)).Concat(Components.NeedsSecretsJob(site.Cluster) && !made ? ["Job secrets"] : []).Select(missing => $"{missing} is missing");
    }

    private static IEnumerable<string> Wanted(ClusterSite site)
    {
        var cluster = site.Cluster;
        List<string> wanted = [$"Namespace {site.Namespace}", "ResourceQuota site", "LimitRange site", "NetworkPolicy default-deny"];
        foreach (var component in Components.Of(site.Site))
        {
            wanted.AddRange([$"ServiceAccount {component}", $"NetworkPolicy {component}"]);
            if (component is Components.Secrets)
            {
                wanted.AddRange(["Role secrets", "RoleBinding secrets", .. cluster.Tls.Source is TlsSource.Authority ? new[] { "CronJob certificate" } : []]);
                continue;
            }
            if (component is Components.Backup)
            {
                wanted.AddRange(["PersistentVolumeClaim backup", .. BackupRules.CronJobs.Select(job => $"CronJob {job}")]);
                continue;
            }
            wanted.Add($"{(Services.Contains(component) ? "Deployment" : "StatefulSet")} {component}");
            wanted.AddRange(component is Components.Web ? ["Service web", "Service web-pods"] : Services.Contains(component) ? [$"Service {component}"] : [$"Service {component}-pods"]);
            wanted.AddRange(Replicas(site, component) > 1 ? [$"PodDisruptionBudget {component}"] : []);
            wanted.AddRange(Services.Contains(component) && cluster.Autoscaling.Enabled ? [$"HorizontalPodAutoscaler {component}"] : []);
        }
        wanted.AddRange(cluster.PriorityClasses ? [$"PriorityClass {site.Namespace}-stores", $"PriorityClass {site.Namespace}-services"] : []);
        wanted.AddRange(cluster.Edge.Kind switch { EdgeKind.Ingress => ["Ingress gateway"], EdgeKind.HttpRoute => ["HTTPRoute gateway"], _ => [] });
        wanted.AddRange(cluster.Tls.Source is TlsSource.CertManager ? ["Certificate gateway", "NetworkPolicy acme-solver"] : []);
        wanted.AddRange(cluster.Secrets.Source is SecretSource.ExternalSecrets
            ? Components.Of(site.Site).Append("operator").Where(c => SecretNames.ValuesOf(c).Any()).Select(c => $"ExternalSecret {c}-secrets") : []);
        return wanted;
    }

    private static int Replicas(ClusterSite site, string component) => component switch
    {
        Components.Api => site.Site.Services.Api.Replicas,
        Components.Web => site.Site.Services.Web.Replicas,
        Components.Gateway => site.Site.Services.Gateway.Replicas,
        Components.Redis => site.Cluster.Redis.Mode is StoreMode.Replicated ? site.Cluster.Redis.Replicas : 1,
        Components.Keeper => site.Cluster.ClickHouse.Keepers,
        _ => site.Cluster.ClickHouse.Mode is StoreMode.Replicated ? site.Cluster.ClickHouse.Replicas : 1,
    };

    // The model says which settings a service takes; each pod is a replica of its own name.
    private static IEnumerable<string> Settings(ClusterSite site, IReadOnlyList<JsonObject> objects)
    {
        foreach (var map in objects.Where(o => (string?)o["kind"] == "ConfigMap" && ReferenceRules.Name(o).Contains("-environment-", StringComparison.Ordinal)))
        {
            var component = ReferenceRules.Name(map).Split('-')[0];
            if (component == Components.Backup)
            {
                if (!(map["data"] as JsonObject ?? []).Select(p => p.Key).ToHashSet().SetEquals(new ClusterPlacement(site.Version, site.Site).Backup().Environment().Keys))
                {
                    yield return "the pods that make backups know where everything is";
                }
                continue;
            }
            var speaksTls = component == Components.Gateway && Ports.GatewaySpeaksTls(site);
            var seen = site.Site with { Domain = component != Components.Gateway || speaksTls ? site.Site.Domain : null };
            seen = seen with { Services = seen.Services with { Api = seen.Services.Api with { Replicas = 1 }, Web = seen.Services.Web with { Replicas = 1 } } };
            var wanted = ServiceEnvironment.For(site.Installation, seen, new Replica(component, 1), new ClusterPlacement(site.Version, seen)).Keys
                .Where(key => key != "PROVOST_Service__Replica" && (key != "PROVOST_Service__Release" || !Components.IsStore(component)) && (key != "PROVOST_Secrets__Directory" || Topology.Environments.Secrets.Of(component).Any()));
            var has = (map["data"] as JsonObject ?? []).Select(p => p.Key).ToHashSet();
            if (!has.SetEquals(wanted))
            {
                yield return $"{component} has the settings that the model gives it: {string.Join(", ", wanted.Except(has))}";
            }
        }
    }

    // What may be reached is there: a port of a container, and where it is called by a name, of a Service.
    private static IEnumerable<string> Doors(ClusterSite site, IReadOnlyList<JsonObject> objects)
    {
        foreach (var edges in DeclaredEdges.Of(site).Where(e => e.To is Peer.Component && !e.Udp).GroupBy(e => ((Peer.Component)e.To).Name))
        {
            var component = edges.Key;
            var containers = objects.Where(o => ReferenceRules.Name(o) == component && WorkloadRules.Pod(o) is not null).SelectMany(o => Items(WorkloadRules.Pod(o)!["spec"]?["containers"]));
            var open = containers.SelectMany(c => Items(c["ports"])).Select(p => (int?)p["containerPort"] ?? 0).ToHashSet();
            foreach (var edge in edges.Where(e => !open.Contains(e.Port)))
            {
                yield return $"{edge}: no container has that port";
            }
            var called = edges.Where(e => e.From is not Peer.Namespace { } other || other.Name == site.Cluster.Edge.ControllerNamespace).Select(e => e.Port).Distinct().Order().ToList();
            var service = objects.FirstOrDefault(o => (string?)o["kind"] == "Service" && ReferenceRules.Name(o) == component + "-pods");
            var ports = Items(service?["spec"]?["ports"]).Select(p => (int?)p["port"] ?? 0).Order();
            if (service is not null && !ports.SequenceEqual(called))
            {
                yield return $"Service {component}-pods has the ports {string.Join(", ", called)}";
            }
        }
        foreach (var service in objects.Where(o => (string?)o["kind"] == "Service" && Services.Contains(ReferenceRules.Name(o)) && !Items(o["spec"]?["ports"]).Any()))
        {
            yield return $"{ReferenceRules.Name(service)} cannot be reached";
        }
    }

    // Everything at once, and one replica more of each service while it is rolled out.
    private static IEnumerable<string> Room(IReadOnlyList<JsonObject> objects)
    {
        var hard = objects.FirstOrDefault(o => (string?)o["kind"] == "ResourceQuota")?["spec"]?["hard"];
        foreach (var (quota, kind, resource) in new[] { ("requests.cpu", "requests", "cpu"), ("limits.cpu", "limits", "cpu"), ("requests.memory", "requests", "memory"), ("limits.memory", "limits", "memory") })
        {
            var sum = objects.Sum(o => Pods(objects, o) * Items(WorkloadRules.Pod(o)?["spec"]?["containers"]).Sum(c => Amounts.Of(c["resources"]?[kind]?[resource])));
            if (!(Amounts.Of(hard?[quota]) >= sum))
            {
                yield return $"{quota} of the quota is less than the {sum} that a rollout needs";
            }
        }
        if (!(Amounts.Of(hard?["pods"]) >= objects.Sum(o => Pods(objects, o))))
        {
            yield return "the quota has no room for the pods of a rollout";
        }
    }

    private static int Pods(IReadOnlyList<JsonObject> objects, JsonObject workload)
    {
        var scaled = objects.FirstOrDefault(o => (string?)o["kind"] == "HorizontalPodAutoscaler" && (string?)o["spec"]?["scaleTargetRef"]?["name"] == ReferenceRules.Name(workload));
        return (string?)workload["kind"] switch
        {
            "Deployment" => ((int?)scaled?["spec"]?["maxReplicas"] ?? (int?)workload["spec"]?["replicas"] ?? 1) + 1,
            "StatefulSet" => (int?)workload["spec"]?["replicas"] ?? 1,
            "Job" or "CronJob" => 1,
            _ => 0,
        };
    }

    // Who gets secrets gets those of its own name, as files; from Vault, each by name.
    private static IEnumerable<string> Secrets(ClusterSite site, IReadOnlyList<JsonObject> objects)
    {
        foreach (var workload in objects.Where(o => (string?)o["kind"] is "Deployment" or "StatefulSet"))
        {
            var (component, pod) = (ReferenceRules.Name(workload), WorkloadRules.Pod(workload)!);
            var names = Topology.Environments.Secrets.Of(component).ToList();
            var mounted = Items(pod["spec"]?["volumes"]).Any(v => (string?)v["secret"]?["secretName"] == component + "-secrets" && v["secret"]!["items"] is null);
            if (names.Count > 0 && (site.Cluster.Secrets.Source is SecretSource.Vault ? !VaultRules.Holds(site, pod, names) : !mounted))
            {
                yield return $"{component} has no secrets";
            }
            // The tools of the operator sign in as a user of their own, whom an embedded server does not know.
            if (component == Components.Redis && site.Cluster.Redis.Mode is StoreMode.Replicated && site.Cluster.Secrets.Source is not SecretSource.Vault
                && !Items(pod["spec"]?["volumes"]).Any(v => (string?)v["secret"]?["secretName"] == "operator-secrets" && Items(v["secret"]!["items"]).Select(i => $"{i["key"]} {i["path"]}")
                    .SequenceEqual(["Redis__OperatorPassword Redis__OperatorPassword"])))
            {
                yield return "redis has no password for the operator's user";
            }
            if (component == Components.Gateway && Ports.GatewaySpeaksTls(site) && !HasCertificate(site, pod))
            {
                yield return "the gateway has no certificate";
            }
        }
    }

    private static bool HasCertificate(ClusterSite site, JsonObject pod) => Items(pod["spec"]?["volumes"]).Any(v => (string?)v["secret"]?["secretName"] == site.Cluster.Tls.Secret
        && Items(v["secret"]?["items"]).Select(i => $"{i["key"]} {i["path"]}").Order(StringComparer.Ordinal).SequenceEqual(["tls.crt server.crt", "tls.key server.key"]));

    private static IEnumerable<string> Network(ClusterSite site, IReadOnlyList<JsonObject> objects)
    {
        var policies = objects.Where(o => (string?)o["kind"] == "NetworkPolicy").Select(o => new Manifest(o)).ToList();
        if (!Reachability.Declared(site).SetEquals(Reachability.Of(site, policies)))
        {
            yield return "policies let through what is declared and nothing else";
        }
    }
}
