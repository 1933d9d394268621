using Provost.Runbooks.Tools;
using Provost.Topology.Model;

namespace Provost.Runbooks.Targets.Process;

/// <summary>Which Redis a site runs. Once there are data, only what wrote them will do.</summary>
public static class RedisChoice
{
    private static readonly string[] Programs = ["redis-server", "valkey-server"];

    /// <summary>The machine's server; null for the embedded one.</summary>
    public static string? Program(RedisServer wanted, StateDirectory state)
    {
        var installed = Programs.Select(Shell.Find).FirstOrDefault(p => p is not null);
        var wrote = InstallationMarker.Read(state)?.EmbeddedRedis;
        return (wanted, wrote) switch
        {
            (RedisServer.Embedded, false) => throw Changed("the machine's Redis server", "auto"),
            (RedisServer.Machine, true) => throw Changed("the embedded server", "auto"),
            (RedisServer.Machine, _) or (_, false) => installed ?? throw Missing(),
            (RedisServer.Embedded, _) or (_, true) => null,
            _ => installed,
        };
    }

    private static OperationError Changed(string writer, string setting) => new(
        ErrorKind.Refused, $"the data of Redis were written by {writer}, which the other one cannot read",
        $"set stores.redis.server to {setting}, or begin with empty data: provost destroy");

    private static OperationError Missing() => new(
        ErrorKind.Machine, "no redis-server or valkey-server is on the PATH", "install one (Debian: apt-get install redis-server), or set stores.redis.server to embedded for a new installation");
}
