using Provost.Rendering.Kubernetes.Manifests;
using Provost.Topology.Model;

namespace Provost.Rendering.Kubernetes.Network;

/// <summary>Who talks to whom. The network policies are made from this list, and the tests compute it back from them.</summary>
public static class DeclaredEdges
{
    // The server of the Kubernetes API is reached by its own port or by that of its balancer.
    private static readonly int[] ApiServer = [443, 6443, 8443, 16443];

    public static IReadOnlyList<Edge> Of(ClusterSite site) =>
        [.. Platform(site), .. RedisOf(site), .. ClickHouseOf(site), .. Operations(site), .. Neighbours(site), .. Names(site)];

    /// <summary>Where requests of people come from: the controller's namespace where it is known.</summary>
    internal static Peer People(ClusterSite site) => site.Cluster.Edge.ControllerNamespace is { } controller ? new Peer.Namespace(controller) : new Peer.Anywhere();

    private static IEnumerable<Edge> Platform(ClusterSite site)
    {
        yield return new Edge(People(site), Of(Components.Gateway), Ports.GatewayOf(site));
        yield return new Edge(Of(Components.Gateway), Of(Components.Api), Ports.Http);
        yield return new Edge(Of(Components.Gateway), Of(Components.Web), Ports.Http);
        // While a rollout runs, replicas of two releases ask each other for files of pages that are open.
        yield return new Edge(Of(Components.Web), Of(Components.Web), Ports.Http);
    }

    private static IEnumerable<Edge> RedisOf(ClusterSite site)
    {
        var (redis, api) = (site.Cluster.Redis, Of(Components.Api));
        if (redis.Mode is StoreMode.External)
        {
            return [new Edge(api, new Peer.Anywhere(), PortOf(redis.Endpoint!)), new Edge(Of(Components.Backup), new Peer.Anywhere(), PortOf(redis.Endpoint!))];
        }
        int[] ports = redis.Mode is StoreMode.Replicated ? [Ports.Redis, Ports.Sentinel] : [Ports.Redis];
        Peer[] callers = redis.Mode is StoreMode.Replicated ? [api, Of(Components.Backup), Of(Components.Redis)] : [api, Of(Components.Backup)];
        return callers.SelectMany(caller => ports.Select(port => new Edge(caller, Of(Components.Redis), port)));
    }

    private static Edge[] ClickHouseOf(ClusterSite site)
    {
        var (clickHouse, store) = (site.Cluster.ClickHouse, Of(Components.ClickHouse));
        Peer[] callers = [Of(Components.Api), Of(Components.Backup)];
        return clickHouse.Mode switch
        {
            StoreMode.External => [.. callers.Select(caller => new Edge(caller, new Peer.Anywhere(), new Uri(clickHouse.Endpoint!).Port))],
            StoreMode.Embedded => [.. callers.Select(caller => new Edge(caller, store, Ports.ClickHouseOf(site)))],
            _ => [.. callers.Select(caller => new Edge(caller, store, Ports.ClickHouse)), .. Replicas(store)],
        };
    }

    private static Edge[] Replicas(Peer store) =>
    [
        new Edge(store, store, Ports.ClickHouseNative),
        new Edge(store, store, Ports.ClickHouseParts),
        new Edge(store, Of(Components.Keeper), Ports.Keeper),
        new Edge(Of(Components.Keeper), Of(Components.Keeper), Ports.KeeperQuorum),
    ];

    private static IEnumerable<Edge> Operations(ClusterSite site) =>
    [
        .. Components.NeedsSecretsJob(site.Cluster) ? ApiServer.Select(port => new Edge(Of(Components.Secrets), new Peer.Anywhere(), port)) : [],
        new Edge(Of(Components.Backup), Of(Components.Api), Ports.Http),
        // The way out only to a destination that lies outside.
        .. site.Site.Backup.Destinations.Values.Where(d => d.Bucket is not null).Select(d => d.Endpoint is { } endpoint ? new Uri(endpoint).Port : 443).Distinct()
            .Select(port => new Edge(Of(Components.Backup), new Peer.Anywhere(), port)),
    ];

    private static IEnumerable<Edge> Neighbours(ClusterSite site)
    {
        var monitoring = new Peer.Namespace(site.Cluster.Neighbours.Monitoring);
        foreach (var (component, port) in Ports.Metrics(site))
        {
            yield return new Edge(monitoring, Of(component), port);
        }
        if (site.Site.Traces.Endpoint is { } endpoint)
        {
            foreach (var component in Ports.Metrics(site).Select(m => m.Component).Where(c => c is not Components.Keeper))
            {
                yield return new Edge(Of(component), new Peer.Namespace(site.Cluster.Neighbours.Tracing), new Uri(endpoint).Port);
            }
        }
        if (site.Cluster.Secrets.Source is SecretSource.Vault)
        {
            foreach (var component in Components.Of(site.Site).Where(c => c is not (Components.Web or Components.Gateway)))
            {
                yield return new Edge(Of(component), new Peer.Namespace(site.Cluster.Neighbours.Vault), Ports.Vault);
            }
        }
    }

    private static IEnumerable<Edge> Names(ClusterSite site) => Components.Of(site.Site)
        .SelectMany(component => new[] { new Edge(Of(component), new Peer.NameServer(), Ports.Names, Udp: true), new Edge(Of(component), new Peer.NameServer(), Ports.Names) });

    private static Peer.Component Of(string component) => new(component);

    private static int PortOf(string endpoint) => int.Parse(endpoint.AsSpan(endpoint.LastIndexOf(':') + 1), System.Globalization.CultureInfo.InvariantCulture);
}
