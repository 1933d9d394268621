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

    // Nobody else can reach a container from these but what shares its network.
    private const string PrivateNetworks = "10.0.0.0/8,172.16.0.0/12,192.168.0.0/16,fc00::/7,127.0.0.0/8,::1/128";

    public override bool EmbeddedRedis { get; init; }

    public bool EmbeddedClickHouse { get; init; }

    public override string RedisEndpoint => $"{Hosts["redis-1"]}:{RedisPort}";

    public override int? HealthPort => AdminPort;

    public override string WebRoot => "/bundle/wwwroot";

    public override string? WebReleases => null;

    public override string? MaintenanceFile => null;

    public override string EngineLibrary => "/engine/libchdb.so";

    public override string Listen(Site site, Replica replica) =>
        $"tcp:0.0.0.0:{(replica.Service == Replicas.Gateway && site.Domain is not null ? HttpsPort : HttpPort)}";

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
