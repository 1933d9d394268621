using Provost.Rendering.Kubernetes.Manifests;
using Provost.Runbooks.Doctor;
using Provost.Runbooks.Targets.Kubernetes.Api;
using Provost.Topology.Model;

namespace Provost.Runbooks.Targets.Kubernetes.Bootstrap;

/// <summary>How people would reach the gateway, and where its certificate would come from.</summary>
internal sealed class EdgeChecks(ApiConnection api, ClusterSite site, Distribution on)
{
    public async Task<IEnumerable<Finding>> ExamineAsync(CancellationToken cancellation) =>
    [
        .. site.Cluster.Edge.Kind switch
        {
            EdgeKind.Ingress => new[] { await IngressAsync(cancellation) },
            EdgeKind.HttpRoute => [await GatewayAsync(cancellation)],
            _ => [new Finding("edge", true, "a Service alone: no controller is needed", null)],
        },
        .. site.Cluster.Tls.Source is TlsSource.CertManager ? new[] { await IssuerAsync(cancellation) } : [],
        .. site.Cluster.Tls.Source is TlsSource.Secret ? new[] { await CertificateAsync(cancellation) } : [],
    ];

    private async Task<Finding> IngressAsync(CancellationToken cancellation)
    {
        var classes = await BootstrapRunbook.ListAsync(api, "/apis/networking.k8s.io/v1/ingressclasses", cancellation) ?? [];
        var found = classes.FirstOrDefault(c => site.Cluster.Edge.Class is { } name
            ? BootstrapRunbook.NameOf(c) == name : (string?)c["metadata"]?["annotations"]?["ingressclass.kubernetes.io/is-default-class"] == "true");
        return new Finding(
            "edge", found is not null,
            found is not null ? $"IngressClass {BootstrapRunbook.NameOf(found)} of {(string?)found["spec"]?["controller"]}"
                : $"there is no IngressClass {site.Cluster.Edge.Class ?? "that is the default"}; there are: {BootstrapRunbook.Names(classes)}",
            found is null ? Remedies.Ingress(on) : null);
    }

    private async Task<Finding> GatewayAsync(CancellationToken cancellation)
    {
        var edge = site.Cluster.Edge;
        var space = edge.GatewayNamespace ?? site.Namespace;
        var gateways = await BootstrapRunbook.ListAsync(api, $"/apis/gateway.networking.k8s.io/v1/namespaces/{space}/gateways", cancellation);
        return new Finding(
            "edge", gateways?.Any(g => BootstrapRunbook.NameOf(g) == edge.Gateway) == true,
            gateways is null ? $"the Gateway API is not there, or Gateways of {space} may not be listed" : $"Gateway {edge.Gateway} in {space}; there are: {BootstrapRunbook.Names(gateways)}",
            "install the Gateway API and a controller for it (kubectl get crd gateways.gateway.networking.k8s.io), and make a Gateway that lets routes of the namespace attach");
    }

    private async Task<Finding> IssuerAsync(CancellationToken cancellation)
    {
        var issuers = await BootstrapRunbook.ListAsync(api, "/apis/cert-manager.io/v1/clusterissuers", cancellation);
        var found = issuers?.FirstOrDefault(i => BootstrapRunbook.NameOf(i) == site.Cluster.Tls.Issuer);
        var ready = (found?["status"]?["conditions"] as System.Text.Json.Nodes.JsonArray ?? []).Any(c => (string?)c?["type"] == "Ready" && (string?)c["status"] == "True");
        return new Finding(
            "certificate", ready,
            issuers is null ? "cert-manager is not there, or its issuers may not be listed"
                : found is null ? $"there is no ClusterIssuer {site.Cluster.Tls.Issuer}; there are: {BootstrapRunbook.Names(issuers)}"
                : $"ClusterIssuer {site.Cluster.Tls.Issuer} is {(ready ? "ready" : "not ready")}",
            issuers is null ? "install cert-manager with its own manifests or helm chart, then make a ClusterIssuer" : "kubectl describe clusterissuer shows why");
    }

    private async Task<Finding> CertificateAsync(CancellationToken cancellation)
    {
        var name = site.Cluster.Tls.Secret;
        try
        {
            var secret = await api.FindAsync($"{ApiPath.Collection("v1", "Secret", site.Namespace)}/{name}", cancellation);
            return new Finding(
                "certificate", (string?)secret?["type"] == "kubernetes.io/tls", secret is null ? $"there is no Secret {name}" : $"Secret {name} of type {(string?)secret["type"]}",
                $"kubectl -n {site.Namespace} create secret tls {name} --cert=FILE --key=FILE");
        }
        catch (ApiRefusal refusal) when (refusal.IsForbidden)
        {
            return new Finding("certificate", true, $"the Secret {name} may not be read: look yourself whether it is there", null);
        }
    }
}
