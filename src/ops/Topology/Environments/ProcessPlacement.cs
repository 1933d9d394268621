using System.Globalization;
using Provost.Topology.Model;

namespace Provost.Topology.Environments;

/// <summary>Processes on one machine: sockets are inherited from the agent, everybody meets on loopback ports.</summary>
/// <param name="ReleaseDirectory">Published executables, a folder for each project.</param>
/// <param name="StateDirectory">Data, secrets, logs.</param>
/// <param name="RunDirectory">Sockets and small files that do not outlive the run; its path is short.</param>
/// <param name="Ports">Loopback ports by socket name: "api-1", "gateway-1.admin", "redis-1".</param>
public sealed record ProcessPlacement(
    string Release, string ReleaseDirectory, string StateDirectory, string RunDirectory, bool EmbeddedRedis, IReadOnlyDictionary<string, int> Ports) : Placement(Release)
{
    public override bool EmbeddedRedis { get; init; } = EmbeddedRedis;

    public override string RedisEndpoint => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{Ports["redis-1"]}");

    public override string WebRoot => $"{ReleaseDirectory}/Web/wwwroot";

    public override string WebReleases => ReleaseDirectory[..ReleaseDirectory.LastIndexOf('/')];

    public override string MaintenanceFile => $"{StateDirectory}/maintenance.json";

    public override string EngineLibrary => $"{ReleaseDirectory}/libchdb.so";

    public override string Listen(Site site, Replica replica) => "fd:3";

    public override string? ListenAdmin(Replica replica) => replica.Service == Replicas.Gateway ? "fd:4" : null;

    public override string HandOver(Replica replica) => $"{RunDirectory}/{replica.Id}.handover";

    public override string LogFile(Replica replica) => $"{StateDirectory}/logs/{replica.Id}.log";

    public override string? TrustedProxies(Replica replica) => null;

    public override string SecretsDirectory(string service) => $"{StateDirectory}/secrets/{service}";

    public override string DataDirectory(string store) => $"{StateDirectory}/data/{store}";

    public override string Url(Replica replica) => string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{Ports[replica.Id]}");

    public override (string Chain, string Key) Certificate(Site site) => (Certificates.ChainFile(site, StateDirectory), Certificates.KeyFile(site, StateDirectory));
}
