using System.Globalization;
using Provost.Rendering.Process;
using Provost.Runbooks.Backups.Repositories;
using Provost.Runbooks.Targets.Process;
using Provost.Topology.Environments;
using Provost.Topology.Model;

namespace Provost.Runbooks.Backups.Stores;

/// <summary>The stores of a site that runs, as its backup reaches them.</summary>
/// <param name="RedisData">The server's data directory; null when it is reached over the network alone.</param>
internal sealed record RunningStores(RedisKind Kind, RedisAddress Redis, string? RedisData, ClickHouseAddress ClickHouse)
{
    private const string User = "provost";

    public static RunningStores Of(BackupSite site)
    {
        if (site.Placement is { } placement)
        {
            return Of(placement, site.State);
        }
        var state = site.State;
        var spec = state.ReadSiteSpec() ?? throw NotRunning(site);
        var (redis, clickHouse) = (Replica(spec, Replicas.Redis), Replica(spec, Replicas.ClickHouse));
        var embedded = redis.Probe is ProbeTarget.Http;
        var port = embedded ? int.Parse(redis.Environment["PROVOST_Redis__Port"], CultureInfo.InvariantCulture) : redis.Probe.Port;
        var address = embedded
            ? new RedisAddress("127.0.0.1", port, null, Secret(state, Secrets.RedisPassword))
            : new RedisAddress("127.0.0.1", port, "operator", Secret(state, Secrets.RedisOperatorPassword));
        return new RunningStores(
            embedded ? RedisKind.Garnet : site.Settings.Redis == RedisBackup.Aof ? RedisKind.Aof : RedisKind.Rdb, address, Path.Combine(state.Data, Replicas.Redis),
            new ClickHouseAddress(new Uri($"http://127.0.0.1:{clickHouse.Probe.Port}"), User, Secret(state, "ClickHouse__Password"), Path.Combine(state.Data, "backups")));
    }

    /// <summary>The same; of a replicated Redis its primary, whichever replica that is at this moment.</summary>
    public static async Task<RunningStores> FindAsync(BackupSite site)
    {
        var stores = Of(site);
        if (site.Placement is not { RedisPrimary: { } name } placement)
        {
            return stores;
        }
        var (host, port) = await SentinelPrimary.FindAsync(placement.Redis, name, Secret(site.State, Secrets.RedisPassword));
        return stores with { Redis = stores.Redis with { Host = host, Port = port } };
    }

    private static RunningStores Of(BackupPlacement placement, StateDirectory state)
    {
        var (embedded, first) = (placement.RedisData is not null, placement.Redis.Split(',')[0]);
        var colon = first.LastIndexOf(':');
        var (host, port) = (first[..colon], int.Parse(first.AsSpan(colon + 1), CultureInfo.InvariantCulture));
        return new RunningStores(
            embedded ? RedisKind.Garnet : RedisKind.Rdb,
            embedded ? new RedisAddress(host, port, null, Secret(state, Secrets.RedisPassword)) : new RedisAddress(host, port, "operator", Secret(state, Secrets.RedisOperatorPassword)),
            placement.RedisData, new ClickHouseAddress(new Uri(placement.ClickHouse), User, Secret(state, "ClickHouse__Password"), null));
    }

    private static ReplicaSpec Replica(SiteSpec spec, string service) => spec.Replicas.First(r => r.Service == service);

    private static string Secret(StateDirectory state, string name) => state.Secret(Secrets.Operator, name) ?? throw new OperationError(
        ErrorKind.Refused, $"the secret {name} is missing", "provost up -d makes it anew");

    private static OperationError NotRunning(BackupSite site) => new(ErrorKind.NotRunning, $"{site.Installation.Name} does not run", "start it with: provost up -d");
}
