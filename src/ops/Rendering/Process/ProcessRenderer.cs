using System.Security.Cryptography;
using System.Text.Json;
using Provost.Topology.Environments;
using Provost.Topology.Model;

namespace Provost.Rendering.Process;

/// <summary>An installation on the process target as the agent runs it.</summary>
public static class ProcessRenderer
{
    public const string PublicSocket = "public";

    private static readonly TimeSpan KillAfter = TimeSpan.FromSeconds(5);

    /// <param name="machineRedis">Path of redis-server or valkey-server; null for the embedded server.</param>
    public static SiteSpec Render(Installation installation, string siteName, ProcessPlacement placement, string? machineRedis)
    {
        var site = installation.Sites[siteName];
        var replicas = Replicas.Of(site, placement.Numbers).Select(r => Render(installation, site, r, placement, machineRedis)).ToList();
        var spec = new SiteSpec(
            installation.Name, siteName, placement.Release, "", site.PublicUrl().AbsoluteUri.TrimEnd('/'), placement.StateDirectory, placement.RunDirectory,
            Sockets(site, placement), replicas,
            new ProbeSpec(site.Probes.Interval.TotalSeconds, site.Probes.Timeout.TotalSeconds, site.Probes.Failures, site.Probes.Start.TotalSeconds),
            new LogSpec(site.Logs.MaxSize.Bytes, site.Logs.Keep), Certificate(site, placement));
        return spec with { Digest = Digest(spec) };
    }

    private static ReplicaSpec Render(Installation installation, Site site, Replica replica, ProcessPlacement placement, string? machineRedis)
    {
        var environment = ServiceEnvironment.For(installation, site, replica, placement);
        var isMachineRedis = replica.Service == Replicas.Redis && !placement.EmbeddedRedis;
        var (program, arguments) = Program(replica, placement, machineRedis);
        return new ReplicaSpec(
            replica.Id, replica.Service, program, arguments, environment, Inherited(replica, placement.EmbeddedRedis), Replicas.Needs(replica.Service),
            Probe(replica, placement), placement.LogFile(replica), !isMachineRedis, (site.Shutdown.Drain + site.Shutdown.Limit + KillAfter).TotalSeconds);
    }

    private static (string Program, string[] Arguments) Program(Replica replica, ProcessPlacement placement, string? machineRedis)
    {
        string Published(string project) => $"{placement.ReleaseDirectory}/{project}/Provost.{project}";
        return replica.Service switch
        {
            Replicas.Api => (Published("Api"), []),
            Replicas.Web => (Published("WebHost"), []),
            Replicas.Gateway => (Published("Gateway"), []),
            Replicas.ClickHouse => (Published("Stores"), ["clickhouse"]),
            Replicas.Redis when placement.EmbeddedRedis => (Published("Stores"), ["redis"]),
            Replicas.Redis => (machineRedis ?? throw new ArgumentNullException(nameof(machineRedis)), [Redis.RedisConfiguration.File(placement)]),
            _ => throw new ArgumentOutOfRangeException(nameof(replica), replica.Service, "unknown service"),
        };
    }

    // Descriptor 3 is Listen:Http, descriptor 4 Listen:Admin, as ServiceEnvironment says.
    private static string[] Inherited(Replica replica, bool embeddedRedis) => replica.Service switch
    {
        Replicas.Gateway => [PublicSocket, replica.Id + ".admin"],
        Replicas.Redis => embeddedRedis ? [replica.Id + ".admin"] : [],
        _ => [replica.Id],
    };

    private static ProbeTarget Probe(Replica replica, ProcessPlacement placement) => replica.Service switch
    {
        Replicas.Gateway => new ProbeTarget.Http(placement.Ports[replica.Id + ".admin"]),
        Replicas.Redis when placement.EmbeddedRedis => new ProbeTarget.Http(placement.Ports[replica.Id + ".admin"]),
        Replicas.Redis => new ProbeTarget.Redis(placement.Ports[replica.Id], $"{placement.SecretsDirectory(replica.Service)}/{Secrets.RedisPassword}"),
        _ => new ProbeTarget.Http(placement.Ports[replica.Id]),
    };

    // A Redis server binds its own port; every other socket is the agent's.
    private static List<SocketSpec> Sockets(Site site, ProcessPlacement placement)
    {
        var (address, port) = site.Domain is null ? (site.Http.Address, site.Http.Port) : (site.Https.Address, site.Https.Port);
        return
        [
            new SocketSpec(PublicSocket, address, port),
            .. Replicas.Of(site, placement.Numbers).SelectMany(r => Inherited(r, placement.EmbeddedRedis)).Where(name => name != PublicSocket)
                .Select(name => new SocketSpec(name, "127.0.0.1", placement.Ports[name])),
        ];
    }

    private static CertificateSpec? Certificate(Site site, ProcessPlacement placement) => !Certificates.AreIssued(site) ? null : new CertificateSpec(
        site.Domain!, Certificates.AuthorityFile(placement.StateDirectory), Certificates.ChainFile(site, placement.StateDirectory),
        Certificates.KeyFile(site, placement.StateDirectory));

    private static string Digest(SiteSpec spec) =>
        Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(spec, SiteSpecJson.Default.SiteSpec)))[..16];
}
