using Provost.Rendering.Kubernetes.Manifests;
using Provost.Topology.Model;

namespace Provost.Rendering.Tests.Kubernetes.Conformance;

/// <summary>What the tool is told to do in the jobs of a site, by the name of the container.</summary>
internal static class Jobs
{
    public static IEnumerable<string> Arguments(ClusterSite site, string job) => job switch
    {
        "secrets" =>
        [
            "cluster", "secrets", "--installation", site.Installation.Name,
            .. site.Cluster.Secrets.Source is SecretSource.Generated ? [] : new[] { "--no-passwords" },
            .. site.Cluster.Tls.Source is TlsSource.Authority ? new[] { "--certificate", site.Cluster.Tls.Secret, "--domain", site.Site.Domain! } : [],
        ],
        "backup" => ["backup", "create", .. Site(site)],
        "verify" => ["backup", "verify", "--restore", .. Site(site)],
        "prune" => ["backup", "prune", "--yes", .. Site(site)],
        "erasures" => ["backup", "erasures", .. Site(site)],
        _ => ["there is no such job"],
    };

    private static string[] Site(ClusterSite site) => ["--config", "/etc/provost/provost.yaml", "--site", site.SiteName];
}
