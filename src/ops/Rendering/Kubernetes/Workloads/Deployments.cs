using System.Text.Json.Nodes;
using Provost.Rendering.Kubernetes.Access;
using Provost.Rendering.Kubernetes.Manifests;
using Provost.Rendering.Kubernetes.Network;
using Provost.Topology.Environments;

namespace Provost.Rendering.Kubernetes.Workloads;

/// <summary>The services of the platform, which keep nothing: a new replica is ready before an old one leaves.</summary>
internal static class Deployments
{
    // A new replica serves beside the old one for a moment, until every balancer knows of it.
    private const int OverlapSeconds = 5;

    public static IEnumerable<Manifest> Api(ClusterSite site) => Render(
        site, Components.Api, "backend", [("http", Ports.Http), ("admin", Ports.Admin)],
        [Volume.Scratch("tmp")], [Volume.Mount("tmp", "/tmp")]);

    public static IEnumerable<Manifest> Web(ClusterSite site) => Render(
        site, Components.Web, "frontend", [("http", Ports.Http), ("admin", Ports.Admin)],
        [Volume.Scratch("tmp", "64Mi")], [Volume.Mount("tmp", "/tmp")]);

    public static IEnumerable<Manifest> Gateway(ClusterSite site)
    {
        var tls = Ports.GatewaySpeaksTls(site);
        return Render(
            site, Components.Gateway, "gateway", [(tls ? "https" : "http", Ports.GatewayOf(site)), ("admin", Ports.Admin)],
            [
                Volume.Scratch("tmp", "1Gi"),
                .. tls ? new[] { Volume.Secret("certificate", site.Cluster.Tls.Secret, ("tls.crt", "server.crt"), ("tls.key", "server.key")) } : [],
            ],
            [
                Volume.Mount("tmp", "/tmp"),
                .. tls ? new[] { Volume.Mount("certificate", ClusterPlacement.CertificatesPath, readOnly: true) } : [],
            ]);
    }

    private static IEnumerable<Manifest> Render(
        ClusterSite site, string component, string image, (string Name, int Number)[] ports, JsonObject[] volumes, JsonObject[] mounts)
    {
        var environment = EnvironmentOf.Render(site, component);
        var secrets = SecretMounts.Of(site, component);
        var container = new Container(component, site.Image(image), PodNeeds.Of(site, component))
        {
            Ports = ports,
            EnvironmentFrom = environment.Name,
            Environment = [Container.Field(EnvironmentOf.ReplicaName, "metadata.name")],
            Mounts = [.. secrets.Mounts, .. mounts],
            Probes = PodProbes.OfService(site, needsStores: component == Components.Api),
        };
        var pod = new Pod(component, Pod.Platform, [container.Render()])
        {
            Volumes = [.. secrets.Volumes, .. volumes],
            Grace = PodProbes.Grace(site.Site),
            Annotations = secrets.Annotations,
        };
        yield return environment;
        yield return Deployment(site, component, pod);
    }

    private static Manifest Deployment(ClusterSite site, string component, Pod pod) => new(new JsonObject
    {
        ["apiVersion"] = "apps/v1",
        ["kind"] = "Deployment",
        ["metadata"] = site.Metadata(component, component),
        ["spec"] = new JsonObject
        {
            // With an autoscaler the number is its own: every apply would throw it back.
            ["replicas"] = site.Cluster.Autoscaling.Enabled ? null : ReplicasOf(site, component),
            ["minReadySeconds"] = OverlapSeconds,
            ["progressDeadlineSeconds"] = Quantity.WholeSeconds(PodProbes.ProgressDeadline(site.Site)),
            ["revisionHistoryLimit"] = 5,
            ["selector"] = new JsonObject { ["matchLabels"] = site.Selector(component) },
            ["strategy"] = new JsonObject
            {
                ["type"] = "RollingUpdate",
                ["rollingUpdate"] = new JsonObject { ["maxUnavailable"] = 0, ["maxSurge"] = 1 },
            },
            ["template"] = pod.Render(site),
        },
    });

    /// <summary>Replicas of a service without an autoscaler, and the least with one.</summary>
    public static int ReplicasOf(ClusterSite site, string component) => component switch
    {
        Components.Api => site.Site.Services.Api.Replicas,
        Components.Web => site.Site.Services.Web.Replicas,
        _ => site.Site.Services.Gateway.Replicas,
    };
}
