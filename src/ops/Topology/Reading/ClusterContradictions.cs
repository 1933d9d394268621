using Provost.Topology.Model;

namespace Provost.Topology.Reading;

/// <summary>Keys of a Kubernetes site that are fine one by one and wrong together.</summary>
internal static class ClusterContradictions
{
    public static IEnumerable<(string Key, string Problem, string Remedy)> In(Site site) =>
        site.Target is not Target.Kubernetes ? Elsewhere(site) : [.. Edge(site), .. Tls(site), .. Stores(site.Kubernetes), .. Backups(site), .. Numbers(site)];

    private static IEnumerable<(string Key, string Problem, string Remedy)> Elsewhere(Site site)
    {
        if (site.Kubernetes != new Cluster())
        {
            yield return ("kubernetes", "is set, but the site does not run there", "set target: kubernetes, or remove kubernetes");
        }
    }

    private static IEnumerable<(string Key, string Problem, string Remedy)> Edge(Site site)
    {
        var edge = site.Kubernetes.Edge;
        if (edge.Kind is EdgeKind.HttpRoute && edge.Gateway is null)
        {
            yield return ("kubernetes.edge.gateway", "is missing, and an HTTPRoute must attach to a Gateway", "set it to the name of the cluster's Gateway");
        }
        if (edge.Kind is not EdgeKind.HttpRoute && edge.Gateway is not null)
        {
            yield return ("kubernetes.edge.gateway", "is set, but there is no HTTPRoute", "set kubernetes.edge.kind to httpRoute, or remove gateway");
        }
        if (edge.Kind is not EdgeKind.Ingress && edge.Class is not null)
        {
            yield return ("kubernetes.edge.class", "is set, but there is no Ingress", "set kubernetes.edge.kind to ingress, or remove class");
        }
        foreach (var network in edge.TrustedProxies.Split(',', StringSplitOptions.TrimEntries).Where(network => !IsNetwork(network)))
        {
            yield return ("kubernetes.edge.trustedProxies", $"\"{network}\" is no network", "write networks like 10.0.0.0/8, separated by commas");
        }
    }

    private static IEnumerable<(string Key, string Problem, string Remedy)> Tls(Site site)
    {
        var tls = site.Kubernetes.Tls;
        if (tls.Source is not TlsSource.None && site.Domain is null)
        {
            yield return ("kubernetes.tls.source", "is set, but there is no domain to have a certificate for", "set domain, or remove tls");
        }
        if (tls.Source is TlsSource.CertManager && tls.Issuer is null)
        {
            yield return ("kubernetes.tls.issuer", "is missing, and cert-manager must know who issues", "set it to the name of a ClusterIssuer");
        }
        if (tls.Source is TlsSource.Controller && site.Kubernetes.Edge.Kind is EdgeKind.Service)
        {
            yield return ("kubernetes.tls.source", "is controller, but there is no ingress and no gateway", "choose another source, or set kubernetes.edge.kind");
        }
    }

    private static IEnumerable<(string Key, string Problem, string Remedy)> Stores(Cluster cluster)
    {
        if (cluster.Redis.Mode is StoreMode.External != cluster.Redis.Endpoint is not null)
        {
            yield return ("kubernetes.redis.endpoint", "goes with mode: external, and only with it", "set both, or neither");
        }
        if (cluster.ClickHouse.Mode is StoreMode.External != cluster.ClickHouse.Endpoint is not null)
        {
            yield return ("kubernetes.clickHouse.endpoint", "goes with mode: external, and only with it", "set both, or neither");
        }
        if (cluster.ClickHouse.Cluster is not null && cluster.ClickHouse.Mode is not StoreMode.External)
        {
            yield return ("kubernetes.clickHouse.cluster", "is set, but the servers are the installation's own", "remove it: replicas of the installation form a cluster by themselves");
        }
        if (cluster.Secrets.Source is SecretSource.ExternalSecrets && cluster.Secrets.Store is null)
        {
            yield return ("kubernetes.secrets.store", "is missing, and the operator must know where to look", "set it to the name of a ClusterSecretStore");
        }
    }

    private static IEnumerable<(string Key, string Problem, string Remedy)> Backups(Site site) => site.Backup.Destinations
        .Where(destination => destination.Value.Directory?.StartsWith('/') == true)
        .Select(destination => (
            $"backup.destinations.{destination.Key}.directory", $"{destination.Value.Directory} is a directory of a machine, and pods come and go between machines",
            "leave the / out: it lies on the volume of backups then; or name a bucket"));

    private static IEnumerable<(string Key, string Problem, string Remedy)> Numbers(Site site)
    {
        var cluster = site.Kubernetes;
        foreach (var (key, count) in new[]
        {
            ("redis.replicas", cluster.Redis.Replicas), ("clickHouse.replicas", cluster.ClickHouse.Replicas), ("clickHouse.keepers", cluster.ClickHouse.Keepers),
        })
        {
            if (count % 2 == 0)
            {
                yield return ($"kubernetes.{key}", $"{count} is even, and a majority of it is no smaller than that of {count + 1}", $"use {count - 1} or {count + 1}");
            }
        }
        foreach (var (key, least, most) in new[]
        {
            ("api", site.Services.Api.Replicas, cluster.Autoscaling.Api), ("edge", Math.Max(site.Services.Web.Replicas, site.Services.Gateway.Replicas), cluster.Autoscaling.Edge),
        })
        {
            if (cluster.Autoscaling.Enabled && most < least)
            {
                yield return ($"kubernetes.autoscaling.{key}", $"{most} is less than the {least} replicas that there are at least", $"use {least} or more, or lower services.*.replicas");
            }
        }
    }

    private static bool IsNetwork(string text) => text.Split('/') is [var address, var bits]
        && Uri.CheckHostName(address) is UriHostNameType.IPv4 or UriHostNameType.IPv6
        && int.TryParse(bits, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var length)
        && length <= (address.Contains(':', StringComparison.Ordinal) ? 128 : 32);
}
