namespace Provost.Topology.Environments;

/// <summary>What is known only where services run: where their files lie, who listens where.</summary>
/// <param name="Release">Version and fingerprint: "0.1.0+abc123".</param>
/// <param name="ReleaseDirectory">Published executables, a folder for each project.</param>
/// <param name="StateDirectory">Data, secrets, logs.</param>
/// <param name="RunDirectory">Sockets and small files that do not outlive the run; its path is short.</param>
/// <param name="EmbeddedRedis">Whether Redis is the embedded server.</param>
/// <param name="Ports">Loopback ports by socket name: "api-1", "gateway-1.admin", "redis-1".</param>
public sealed record Placement(
    string Release, string ReleaseDirectory, string StateDirectory, string RunDirectory, bool EmbeddedRedis, IReadOnlyDictionary<string, int> Ports);
