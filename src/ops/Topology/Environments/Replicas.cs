using Provost.Topology.Model;

namespace Provost.Topology.Environments;

/// <summary>The replicas of a site, in the order in which they may start: nobody before whom it needs.</summary>
public static class Replicas
{
    public const string Redis = "redis";
    public const string ClickHouse = "clickhouse";
    public const string Api = "api";
    public const string Web = "web";
    public const string Gateway = "gateway";

    /// <summary>Services in start order.</summary>
    public static IReadOnlyList<string> Services { get; } = [Redis, ClickHouse, Api, Web, Gateway];

    private static readonly IReadOnlyDictionary<string, IReadOnlyList<int>> FromOne = new Dictionary<string, IReadOnlyList<int>>();

    /// <param name="numbers">Numbers of the copies by service, where they do not count from 1.</param>
    public static IReadOnlyList<Replica> Of(Site site, IReadOnlyDictionary<string, IReadOnlyList<int>>? numbers = null) =>
    [
        new Replica(Redis, 1),
        new Replica(ClickHouse, 1),
        .. Copies(Api, site.Services.Api.Replicas, numbers ?? FromOne),
        .. Copies(Web, site.Services.Web.Replicas, numbers ?? FromOne),
        .. Copies(Gateway, site.Services.Gateway.Replicas, numbers ?? FromOne),
    ];

    /// <summary>For each service that is renewed, numbers that no running replica has: the lowest ones.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<int>> Beside(Site site, IReadOnlyCollection<string> running) => Of(site)
        .Where(r => r.Service is Api or Web or Gateway)
        .GroupBy(r => r.Service)
        .ToDictionary(g => g.Key, IReadOnlyList<int> (g) => [.. Enumerable.Range(1, int.MaxValue - 1).Where(n => !running.Contains(new Replica(g.Key, n).Id)).Take(g.Count())]);

    /// <summary>Whom a service must find ready before it is started for the first time.</summary>
    public static IReadOnlyList<string> Needs(string service) => service switch
    {
        Api => [Redis, ClickHouse],
        Gateway => [Api, Web],
        _ => [],
    };

    /// <summary>Names of the loopback sockets that a replica needs, beside the public one.</summary>
    public static IReadOnlyList<string> Sockets(Replica replica, bool embeddedRedis) => replica.Service switch
    {
        Redis => embeddedRedis ? [replica.Id, replica.Id + ".admin"] : [replica.Id],
        Gateway => [replica.Id + ".admin"],
        _ => [replica.Id],
    };

    // More copies than numbers are known: a change of provost.yaml; the others get the next free ones.
    private static IEnumerable<Replica> Copies(string service, int count, IReadOnlyDictionary<string, IReadOnlyList<int>> numbers)
    {
        var known = numbers.GetValueOrDefault(service) ?? [];
        return known.Concat(Enumerable.Range(1, count + known.Count).Except(known)).Take(count).Select(n => new Replica(service, n));
    }
}
