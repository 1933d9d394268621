using System.Text.Json.Nodes;
using Provost.Rendering.Kubernetes.Manifests;
using Provost.Rendering.Kubernetes.Workloads;
using Provost.Topology.Model;

namespace Provost.Rendering.Kubernetes.Access;

/// <summary>
/// Makes the secrets that are missing, inside the cluster: so a tree without any secret installs by itself, and the values are
/// known to nobody else. Those that are there are left alone.
/// </summary>
internal static class SecretsJob
{
    // A certificate of the installation's own authority is renewed when a third of its time is left.
    private const string RenewalTimes = "23 1 * * 1";

    public static IEnumerable<Manifest> Render(ClusterSite site)
    {
        if (!Components.NeedsSecretsJob(site.Cluster))
        {
            yield break;
        }
        var spec = Spec(site);
        // What a job does cannot be changed: another job has another name.
        yield return new Manifest(new JsonObject
        {
            ["apiVersion"] = "batch/v1",
            ["kind"] = "Job",
            ["metadata"] = site.Metadata($"secrets-{ContentHash.Of(new Manifest(Named(spec)).Body)}", Components.Secrets),
            ["spec"] = spec,
        });
        if (site.Cluster.Tls.Source is TlsSource.Authority)
        {
            yield return Schedules.CronJobs.Of(site, Components.Secrets, "certificate", RenewalTimes, Spec(site));
        }
    }

    private static JsonObject Spec(ClusterSite site)
    {
        var container = new Container("secrets", site.Image("agent"), PodNeeds.Job)
        {
            Arguments = [.. Arguments(site)],
            Environment = [Container.Value("HOME", "/tmp")],
            Mounts = [Volume.Mount("tmp", "/tmp")],
        };
        var pod = new Pod(Components.Secrets, Pod.Platform, [container.Render()])
        {
            AsksTheCluster = true,
            Restart = "OnFailure",
            Volumes = [Volume.Scratch("tmp", "64Mi")],
        };
        return new JsonObject { ["backoffLimit"] = 10, ["template"] = pod.Render(site) };
    }

    // The namespace is that of the pod, so that a tree that is patched to another one works too.
    private static IEnumerable<string> Arguments(ClusterSite site) =>
    [
        "cluster", "secrets", "--installation", site.Installation.Name,
        .. site.Cluster.Secrets.Source is SecretSource.Generated ? [] : (string[])["--no-passwords"],
        .. site.Cluster.Tls.Source is TlsSource.Authority ? (string[])["--certificate", site.Cluster.Tls.Secret, "--domain", site.Site.Domain!] : [],
    ];

    /// <summary>Where the host name of the certificate stands among its words.</summary>
    public static int DomainIndex(ClusterSite site) => Arguments(site).ToList().LastIndexOf("--domain") + 1;

    private static JsonObject Named(JsonObject spec) => new()
    {
        ["apiVersion"] = "batch/v1",
        ["kind"] = "Job",
        ["metadata"] = new JsonObject { ["name"] = "secrets" },
        ["spec"] = spec.DeepClone(),
    };
}
