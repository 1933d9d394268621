using System.Text.Json.Nodes;
using Provost.Rendering.Kubernetes.Manifests;
using Provost.Rendering.Kubernetes.Network;
using Provost.Rendering.Kubernetes.Workloads;
using Provost.Topology.Model;

namespace Provost.Rendering.Kubernetes.Edges;

/// <summary>How people reach the gateway: by its Service, an Ingress of any controller, or a route of the Gateway API.</summary>
internal static class Exposure
{
    public static IEnumerable<Manifest> Render(ClusterSite site)
    {
        yield return GatewayService(site);
        switch (site.Cluster.Edge.Kind)
        {
            case EdgeKind.Ingress:
                yield return Ingress(site);
                break;
            case EdgeKind.HttpRoute:
                yield return Route(site);
                break;
        }
        if (site.Cluster.Tls.Source is TlsSource.CertManager)
        {
            yield return Certificate(site);
        }
    }

    private static Manifest GatewayService(ClusterSite site)
    {
        var (name, port) = Ports.GatewaySpeaksTls(site) ? ("https", 443) : ("http", 80);
        return Service.Render(site, Components.Gateway, Components.Gateway, [(name, port, name)], new JsonObject
        {
            ["type"] = site.Cluster.Edge.Service switch
            {
                ServiceType.NodePort => "NodePort",
                ServiceType.LoadBalancer => "LoadBalancer",
                _ => "ClusterIP",
            },
            // The client's own address arrives, and limits count people instead of nodes.
            ["externalTrafficPolicy"] = site.Cluster.Edge.Service is ServiceType.LoadBalancer ? "Local" : null,
        });
    }

    private static Manifest Ingress(ClusterSite site) => new(new JsonObject
    {
        ["apiVersion"] = "networking.k8s.io/v1",
        ["kind"] = "Ingress",
        ["metadata"] = site.Metadata(Components.Gateway, Components.Gateway),
        ["spec"] = new JsonObject
        {
            ["ingressClassName"] = site.Cluster.Edge.Class,
            ["tls"] = site.Site.Domain is null || site.Cluster.Tls.Source is TlsSource.None or TlsSource.Controller ? null : new JsonArray(new JsonObject
            {
                ["hosts"] = new JsonArray(site.Site.Domain),
                ["secretName"] = site.Cluster.Tls.Secret,
            }),
            ["rules"] = new JsonArray(new JsonObject
            {
                ["host"] = site.Site.Domain,
                ["http"] = new JsonObject
                {
                    ["paths"] = new JsonArray(new JsonObject
                    {
                        ["path"] = "/",
                        ["pathType"] = "Prefix",
                        ["backend"] = new JsonObject
                        {
                            ["service"] = new JsonObject { ["name"] = Components.Gateway, ["port"] = new JsonObject { ["name"] = "http" } },
                        },
                    }),
                },
            }),
        },
    });

    // No timeout for a request: a live connection lasts as long as the page is open.
    private static Manifest Route(ClusterSite site) => new(new JsonObject
    {
        ["apiVersion"] = "gateway.networking.k8s.io/v1",
        ["kind"] = "HTTPRoute",
        ["metadata"] = site.Metadata(Components.Gateway, Components.Gateway),
        ["spec"] = new JsonObject
        {
            ["parentRefs"] = new JsonArray(new JsonObject
            {
                ["group"] = "gateway.networking.k8s.io",
                ["kind"] = "Gateway",
                ["name"] = site.Cluster.Edge.Gateway,
                ["namespace"] = site.Cluster.Edge.GatewayNamespace,
            }),
            ["hostnames"] = site.Site.Domain is { } domain ? new JsonArray(domain) : null,
            ["rules"] = new JsonArray(new JsonObject
            {
                ["matches"] = new JsonArray(new JsonObject { ["path"] = new JsonObject { ["type"] = "PathPrefix", ["value"] = "/" } }),
                ["timeouts"] = new JsonObject { ["request"] = "0s" },
                ["backendRefs"] = new JsonArray(new JsonObject { ["name"] = Components.Gateway, ["port"] = 80 }),
            }),
        },
    });

    private static Manifest Certificate(ClusterSite site) => new(new JsonObject
    {
        ["apiVersion"] = "cert-manager.io/v1",
        ["kind"] = "Certificate",
        ["metadata"] = site.Metadata(Components.Gateway, Components.Gateway),
        ["spec"] = new JsonObject
        {
            ["secretName"] = site.Cluster.Tls.Secret,
            ["dnsNames"] = new JsonArray(site.Site.Domain),
            ["issuerRef"] = new JsonObject { ["group"] = "cert-manager.io", ["kind"] = "ClusterIssuer", ["name"] = site.Cluster.Tls.Issuer },
            ["privateKey"] = new JsonObject { ["algorithm"] = "ECDSA", ["size"] = 256, ["rotationPolicy"] = "Always" },
        },
    });
}
