using Provost.Rendering.Kubernetes.Manifests;
using Provost.Topology.Model;

namespace Provost.Rendering.Kubernetes.Network;

/// <summary>Ports of pods, by what listens there. Every service of the platform listens on the same two.</summary>
public static class Ports
{
    public const int Http = 8080;
    public const int Https = 8443;
    public const int Admin = 8081;
    public const int Redis = 6379;
    public const int Sentinel = 26379;
    public const int ClickHouse = 8123;
    public const int ClickHouseNative = 9000;
    public const int ClickHouseParts = 9009;
    public const int ClickHouseMetrics = 9363;
    public const int Keeper = 9181;
    public const int KeeperHealth = 9182;
    public const int KeeperQuorum = 9234;
    public const int Names = 53;
    public const int Vault = 8200;

    /// <summary>Of the pods by which cert-manager answers an authority's question over HTTP.</summary>
    public const int AcmeSolver = 8089;

    /// <summary>Without an ingress in front, the gateway speaks TLS itself.</summary>
    public static bool GatewaySpeaksTls(ClusterSite site) =>
        site.Site.Domain is not null && site.Cluster.Edge.Kind is EdgeKind.Service && site.Cluster.Tls.Source is not TlsSource.None;

    public static int GatewayOf(ClusterSite site) => GatewaySpeaksTls(site) ? Https : Http;

    /// <summary>The embedded engine is a service of the platform; a server of ClickHouse's own has its own port.</summary>
    public static int ClickHouseOf(ClusterSite site) => site.Cluster.ClickHouse.Mode is StoreMode.Embedded ? Http : ClickHouse;

    /// <summary>Where each component shows its metrics.</summary>
    public static IEnumerable<(string Component, int Port)> Metrics(ClusterSite site)
    {
        foreach (var component in Components.Of(site.Site))
        {
            switch (component)
            {
                case Components.Api or Components.Web or Components.Gateway:
                case Components.Redis when site.Cluster.Redis.Mode is StoreMode.Embedded:
                case Components.ClickHouse when site.Cluster.ClickHouse.Mode is StoreMode.Embedded:
                    yield return (component, Admin);
                    break;
                case Components.ClickHouse:
                    yield return (component, ClickHouseMetrics);
                    break;
            }
        }
    }
}
