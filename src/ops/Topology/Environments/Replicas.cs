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

    public static IReadOnlyList<Replica> Of(Site site) =>
    [
        new Replica(Redis, 1),
        new Replica(ClickHouse, 1),
        .. Copies(Api, site.Services.Api.Replicas),
        .. Copies(Web, site.Services.Web.Replicas),
        .. Copies(Gateway, site.Services.Gateway.Replicas),
    ];

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

    private static IEnumerable<Replica> Copies(string service, int count) => Enumerable.Range(1, count).Select(n => new Replica(service, n));
}
