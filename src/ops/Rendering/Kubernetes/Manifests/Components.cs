using Provost.Topology.Environments;
using Provost.Topology.Model;

namespace Provost.Rendering.Kubernetes.Manifests;

/// <summary>What a site on Kubernetes is made of. Each component's pods have its name as label.</summary>
public static class Components
{
    public const string Api = Replicas.Api;
    public const string Web = Replicas.Web;
    public const string Gateway = Replicas.Gateway;
    public const string Redis = Replicas.Redis;
    public const string ClickHouse = Replicas.ClickHouse;

    /// <summary>Keepers of a replicated ClickHouse.</summary>
    public const string Keeper = "keeper";

    /// <summary>Makes the secrets that are missing.</summary>
    public const string Secrets = "secrets";

    /// <summary>Makes the backups.</summary>
    public const string Backup = Access.SecretNames.Backup;

    /// <summary>What belongs to the site as a whole.</summary>
    public const string Site = "site";

    public static IEnumerable<string> Of(Site site)
    {
        var cluster = site.Kubernetes;
        yield return Api;
        yield return Web;
        yield return Gateway;
        if (cluster.Redis.Mode is not StoreMode.External)
        {
            yield return Redis;
        }
        if (cluster.ClickHouse.Mode is not StoreMode.External)
        {
            yield return ClickHouse;
        }
        if (cluster.ClickHouse.Mode is StoreMode.Replicated)
        {
            yield return Keeper;
        }
        if (NeedsSecretsJob(cluster))
        {
            yield return Secrets;
        }
        yield return Backup;
    }

    public static bool NeedsSecretsJob(Cluster cluster) => cluster.Secrets.Source is SecretSource.Generated || cluster.Tls.Source is TlsSource.Authority;

    /// <summary>Whether it holds data: it goes on as it is while the services around it are renewed.</summary>
    public static bool IsStore(string component) => component is Redis or ClickHouse or Keeper;

    public static string KindOf(string component) => component switch
    {
        Api => "backend",
        Web => "frontend",
        Gateway => "edge",
        _ when IsStore(component) => "store",
        Secrets or Backup => "operations",
        _ => "site",
    };
}
