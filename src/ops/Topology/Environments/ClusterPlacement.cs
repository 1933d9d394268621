using Provost.Topology.Model;

namespace Provost.Topology.Environments;

/// <summary>Pods of a Kubernetes site: containers that find each other by the names of Services, and stores that may have replicas or be elsewhere.</summary>
public sealed record ClusterPlacement(string Release, Site Site) : Placement(Release)
{
    public const string SecretsPath = ContainerPlacement.SecretsPath;
    public const string CertificatesPath = ContainerPlacement.CertificatesPath;

    /// <summary>What a replicated Redis's sentinels call its primary, and a replicated ClickHouse its cluster.</summary>
    public const string ClusterName = "provost";

    // Shorter than the least drain, with time for the proxies of all nodes to learn that a pod leaves.
    private static readonly TimeSpan Used = TimeSpan.FromSeconds(10);

    private const string SentinelPort = "26379";

    private static readonly Dictionary<string, string> Services = Replicas.Services.ToDictionary(service => service + "-1");

    private readonly ContainerPlacement containers = new(Release, Services);

    private Cluster Cluster => Site.Kubernetes;

    public override bool EmbeddedRedis { get; init; } = Site.Kubernetes.Redis.Mode is StoreMode.Embedded;

    public override string RedisEndpoint => Cluster.Redis.Mode switch
    {
        StoreMode.External => Cluster.Redis.Endpoint!,
        StoreMode.Replicated => string.Join(',', Enumerable.Range(0, Cluster.Redis.Replicas).Select(n => $"redis-{n}.redis-pods:{SentinelPort}")),
        _ => containers.RedisEndpoint,
    };

    public override TimeSpan? ConnectionLifetime => Used;

    public override string? RedisPrimary => Cluster.Redis.Mode is StoreMode.Replicated ? ClusterName : null;

    public override string? ClickHouseCluster => Cluster.ClickHouse.Mode switch
    {
        StoreMode.Replicated => ClusterName,
        StoreMode.External => Cluster.ClickHouse.Cluster,
        _ => null,
    };

    public override string? MaintenanceFile => containers.MaintenanceFile;

    public override string? WebReleases => containers.WebReleases;

    public override string? WebPeers => $"web-pods:{ContainerPlacement.HttpPort}";

    public override string WebRoot => containers.WebRoot;

    public override string EngineLibrary => containers.EngineLibrary;

    public override string Listen(Site site, Replica replica) => containers.Listen(site, replica);

    public override string? ListenAdmin(Replica replica) => containers.ListenAdmin(replica);

    public override string? HandOver(Replica replica) => null;

    public override string? LogFile(Replica replica) => null;

    // In front of the gateway stands whatever the cluster puts there.
    public override string? TrustedProxies(Replica replica) => replica.Service is Replicas.Gateway or Replicas.Api or Replicas.Web ? Cluster.Edge.TrustedProxies : null;

    public override string SecretsDirectory(string service) => SecretsPath;

    public override string DataDirectory(string store) => containers.DataDirectory(store);

    public override string Url(Replica replica) => replica.Service == Replicas.ClickHouse && Cluster.ClickHouse.Mode is StoreMode.External
        ? Cluster.ClickHouse.Endpoint!.TrimEnd('/')
        : (containers with { EmbeddedClickHouse = Cluster.ClickHouse.Mode is StoreMode.Embedded }).Url(replica);

    /// <summary>What the pods that make backups are told.</summary>
    public BackupPlacement Backup() => new(
        Release, RedisEndpoint, EmbeddedRedis ? BackupPlacement.EmbeddedRedisData : null,
        // All statements of a cut must meet one replica.
        Cluster.ClickHouse.Mode is StoreMode.Replicated ? $"http://clickhouse-0.clickhouse-pods:{ContainerPlacement.ClickHousePort}" : Url(new Replica(Replicas.ClickHouse, 1)),
        [Url(new Replica(Replicas.Api, 1))])
    {
        RedisPrimary = RedisPrimary,
    };

    public override (string Chain, string Key) Certificate(Site site) => containers.Certificate(site);
}
