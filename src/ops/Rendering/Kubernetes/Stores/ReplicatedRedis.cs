using System.Text.Json.Nodes;
using Provost.Rendering.Kubernetes.Access;
using Provost.Rendering.Kubernetes.Manifests;
using Provost.Rendering.Kubernetes.Network;
using Provost.Rendering.Kubernetes.Workloads;
using Provost.Topology.Environments;
using Provost.Topology.Model;

namespace Provost.Rendering.Kubernetes.Stores;

/// <summary>A primary and its stand-ins, each with a sentinel beside it: when the primary is lost, a majority of them names another.</summary>
internal static class ReplicatedRedis
{
    /// <summary>User and group of the server's image.</summary>
    private const int User = 999;

    private const string Programs = "/configuration";
    private const string OperatorFolder = "/run/operator";

    // Handing the primary over before it stops takes a few seconds; saving takes a few more.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(60);

    public static IEnumerable<Manifest> Render(ClusterSite site)
    {
        var redis = site.Cluster.Redis;
        var (secrets, operatorFile) = SecretsOf(site);
        var configuration = Configuration.Of(site, Components.Redis, "configuration", RedisPrograms.Of(redis.Replicas, site.Site.Stores.Redis.Memory.Bytes, operatorFile));
        var pod = new Pod(Components.Redis, User, [WithHandOver(Server(site, secrets).Render()), Sentinel(site, secrets).Render()])
        {
            Volumes = [.. secrets.Volumes, Volume.Configuration("configuration", configuration.Name, programs: true), Volume.Scratch("run", "16Mi"), Volume.Scratch("tmp", "64Mi")],
            Grace = Grace,
            Annotations = secrets.Annotations,
        };
        yield return configuration;
        yield return Service.Pods(site, Components.Redis, ("redis", Ports.Redis, "redis"), ("sentinel", Ports.Sentinel, "sentinel"));
        yield return StatefulSets.Render(site, Components.Redis, redis.Replicas, pod, redis.Volume, redis.StorageClass);
    }

    // Its own, and the password of the operator's user, which no other store has.
    private static (SecretMounts Mounts, string OperatorFile) SecretsOf(ClusterSite site)
    {
        const string name = Secrets.RedisOperatorPassword;
        if (site.Cluster.Secrets.Source is SecretSource.Vault)
        {
            string[] all = [.. Secrets.Of(Components.Redis), name];
            return (SecretMounts.FromVault(site.Cluster.Secrets, ClusterPlacement.SecretsPath, [.. all.Select(secret => (secret, secret))]), $"{ClusterPlacement.SecretsPath}/{name}");
        }
        var own = SecretMounts.Of(site, Components.Redis);
        return (own with
        {
            Volumes = [.. own.Volumes, Volume.Secret("operator", SecretNames.Of(Secrets.Operator), (name, name))],
            Mounts = [.. own.Mounts, Volume.Mount("operator", OperatorFolder, readOnly: true)],
        }, $"{OperatorFolder}/{name}");
    }

    private static Container Server(ClusterSite site, SecretMounts secrets) => new("redis", site.Cluster.Images.Redis, PodNeeds.Of(site, Components.Redis))
    {
        Command = ["/bin/sh", $"{Programs}/{RedisPrograms.StartServer}"],
        Ports = [("redis", Ports.Redis)],
        Mounts = [.. Mounts(secrets), Volume.Mount("run", "/run/redis")],
        Probes = PodProbes.OfCommand(
            site, ["/bin/sh", $"{Programs}/{RedisPrograms.Alive}", "6379"], ["/bin/sh", $"{Programs}/{RedisPrograms.Ready}"]),
    };

    private static Container Sentinel(ClusterSite site, SecretMounts secrets) => new("sentinel", site.Cluster.Images.Redis, PodNeeds.Sentinel)
    {
        Command = ["/bin/sh", $"{Programs}/{RedisPrograms.StartSentinel}"],
        Ports = [("sentinel", Ports.Sentinel)],
        Mounts = Mounts(secrets with { Mounts = [.. secrets.Mounts.Where(mount => (string?)mount["mountPath"] != OperatorFolder)] }),
        Probes = PodProbes.OfCommand(
            site, ["/bin/sh", $"{Programs}/{RedisPrograms.Alive}", "26379"], ["/bin/sh", $"{Programs}/{RedisPrograms.Alive}", "26379"]),
    };

    private static JsonObject WithHandOver(JsonObject container)
    {
        container["lifecycle"] = new JsonObject
        {
            ["preStop"] = new JsonObject { ["exec"] = new JsonObject { ["command"] = new JsonArray("/bin/sh", $"{Programs}/{RedisPrograms.Stop}") } },
        };
        return container;
    }

    private static JsonObject[] Mounts(SecretMounts secrets) =>
    [
        .. secrets.Mounts,
        Volume.Mount("configuration", Programs, readOnly: true),
        Volume.Mount("data", "/data"),
        Volume.Mount("tmp", "/tmp"),
    ];
}
