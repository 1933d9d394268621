using Provost.Topology.Model;

namespace Provost.Topology.Environments;

/// <summary>
/// Containers, whoever runs them: each has its own address, listens on the same ports, finds its files at the same paths,
/// and writes its log to standard output.
/// </summary>
/// <param name="Hosts">Host names by replica: "api-1", "redis-1", "clickhouse-1".</param>
public sealed record ContainerPlacement(string Release, IReadOnlyDictionary<string, string> Hosts) : Placement(Release)
{
    public const int HttpPort = 8080;
    public const int HttpsPort = 8443;
    public const int AdminPort = 8081;
    public const int RedisPort = 6379;

    /// <summary>The port of a ClickHouse server; the embedded one listens where every service does.</summary>
    public const int ClickHousePort = 8123;

    public const string SecretsPath = "/run/secrets";
    public const string CertificatesPath = "/run/certificates";

    /// <summary>Folder of the public socket's holder: by the unix socket in it gateways get the public socket.</summary>
    public const string EdgePath = "/provost/edge";

    /// <summary>Folder in which the pages of earlier releases are kept.</summary>
    public const string ReleasesPath = "/provost/releases";

    // Nobody else can reach a container from these but what shares its network.
    private const string PrivateNetworks = "10.0.0.0/8,172.16.0.0/12,192.168.0.0/16,fc00::/7,127.0.0.0/8,::1/128";

    public override bool EmbeddedRedis { get; init; }

    public bool EmbeddedClickHouse { get; init; }

    /// <summary>Whether replicas of two releases may run beside each other: a holder keeps the public socket, and volumes keep what outlives a replica.</summary>
    public bool RunsBeside { get; init; }

    /// <summary>Where the holder of the public socket gives it.</summary>
    public static string HolderSocket => $"{EdgePath}/public.sock";

    public override string RedisEndpoint => $"{Hosts["redis-1"]}:{RedisPort}";

    public override int? HealthPort => AdminPort;

    public override string WebRoot => "/bundle/wwwroot";

    public override string? WebReleases => RunsBeside ? ReleasesPath : null;

    public override string? MaintenanceFile => RunsBeside ? $"{EdgePath}/maintenance.json" : null;

    public override string EngineLibrary => "/engine/libchdb.so";

    public override string Listen(Site site, Replica replica) =>
        replica.Service != Replicas.Gateway ? $"tcp:0.0.0.0:{HttpPort}" : RunsBeside ? $"handover:{HolderSocket}" : ListenPublic(site);

    /// <summary>The public address, inside of the container that has it.</summary>
    public static string ListenPublic(Site site) => $"tcp:0.0.0.0:{(site.Domain is null ? HttpPort : HttpsPort)}";

    public override string? ListenAdmin(Replica replica) => $"tcp:0.0.0.0:{AdminPort}";

    public override string? HandOver(Replica replica) => null;

    public override string? LogFile(Replica replica) => null;

    public override string? TrustedProxies(Replica replica) => replica.Service is Replicas.Api or Replicas.Web ? PrivateNetworks : null;

    public override string? SecretsDirectory(string service) => Secrets.Of(service).Any() ? SecretsPath : null;

    public override string DataDirectory(string store) => $"/data/{store}";

    public override string Url(Replica replica) =>
        $"http://{Hosts[replica.Id]}:{(replica.Service == Replicas.ClickHouse && !EmbeddedClickHouse ? ClickHousePort : HttpPort)}";

    public override (string Chain, string Key) Certificate(Site site) => ($"{CertificatesPath}/server.crt", $"{CertificatesPath}/server.key");
}
