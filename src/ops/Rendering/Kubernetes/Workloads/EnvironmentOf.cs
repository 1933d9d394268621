using Provost.Rendering.Kubernetes.Manifests;
using Provost.Rendering.Kubernetes.Network;
using Provost.Topology.Environments;
using Provost.Topology.Model;

namespace Provost.Rendering.Kubernetes.Workloads;

/// <summary>The environment of a component's pods, from the one function of the model that makes it for every target.</summary>
internal static class EnvironmentOf
{
    /// <summary>Each pod is a replica of its own name.</summary>
    public const string ReplicaName = "PROVOST_Service__Replica";

    private const string Release = "PROVOST_Service__Release";

    // Who has no secret has no such directory.
    private const string SecretsDirectory = "PROVOST_Secrets__Directory";

    public static Manifest Render(ClusterSite site, string component)
    {
        var environment = ServiceEnvironment.For(site.Installation, SeenBy(site, component), new Replica(component, 1), new ClusterPlacement(site.Version, site.Site));
        return Configuration.Of(site, component, "environment", environment
            // A store knows the release that it was built as; another name of it in here would start it anew.
            .Where(pair => pair.Key != ReplicaName && (pair.Key != Release || !Components.IsStore(component)) && (pair.Key != SecretsDirectory || Secrets.Of(component).Any())));
    }

    // Replicas are behind one name, the drain follows from the probes, and only a gateway without an ingress knows of the domain.
    private static Site SeenBy(ClusterSite site, string component)
    {
        var services = site.Site.Services;
        return site.Site with
        {
            Services = services with { Api = services.Api with { Replicas = 1 }, Web = services.Web with { Replicas = 1 } },
            Shutdown = site.Site.Shutdown with { Drain = PodProbes.Drain(site.Site) },
            Domain = component != Components.Gateway || Ports.GatewaySpeaksTls(site) ? site.Site.Domain : null,
        };
    }
}
