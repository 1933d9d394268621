using Provost.Rendering.Kubernetes.Manifests;
using Provost.Runbooks.Doctor;
using Provost.Runbooks.Targets.Kubernetes.Api;
using Provost.Topology.Model;

namespace Provost.Runbooks.Targets.Kubernetes.Bootstrap;

/// <summary>What is added to a cluster and only some sites need: metrics, External Secrets, Vault.</summary>
internal sealed class OperatorChecks(ApiConnection api, ClusterSite site, Distribution on)
{
    public async Task<IEnumerable<Finding>> ExamineAsync(CancellationToken cancellation)
    {
        var (scaling, secrets) = (site.Cluster.Autoscaling, site.Cluster.Secrets);
        List<Finding> findings = [];
        if (scaling.Enabled)
        {
            findings.Add(await ServesAsync("metrics", "/apis/metrics.k8s.io/v1beta1", "the metrics server, which autoscaling asks", Remedies.Metrics(on), cancellation));
        }
        if (scaling is { Enabled: true, LiveConnections: > 0 })
        {
            findings.Add(await CustomMetricsAsync(cancellation));
        }
        if (secrets.Source is SecretSource.ExternalSecrets)
        {
            findings.Add(await StoreAsync(secrets.Store!, cancellation));
        }
        if (secrets.Source is SecretSource.Vault)
        {
            findings.Add(await InjectorAsync(cancellation));
        }
        return findings;
    }

    private async Task<Finding> CustomMetricsAsync(CancellationToken cancellation)
    {
        const string Remedy = "install an adapter that offers kestrel_upgraded_connections for pods (prometheus-adapter, KEDA), or set kubernetes.autoscaling.liveConnections: 0";
        foreach (var version in (string[])["v1beta2", "v1beta1"])
        {
            if (await ServesAsync("metrics", $"/apis/custom.metrics.k8s.io/{version}", "an adapter for custom metrics", Remedy, cancellation) is { Ok: true } found)
            {
                return found;
            }
        }
        return new Finding("metrics", false, "an adapter for custom metrics, which liveConnections asks, is not there", Remedy);
    }

    private async Task<Finding> StoreAsync(string name, CancellationToken cancellation)
    {
        var stores = await BootstrapRunbook.ListAsync(api, "/apis/external-secrets.io/v1/clustersecretstores", cancellation);
        var found = stores?.Any(s => BootstrapRunbook.NameOf(s) == name) == true;
        return new Finding(
            "secrets", found,
            stores is null ? "the External Secrets Operator is not there, or its stores may not be listed" : found ? $"ClusterSecretStore {name}" : $"there is no ClusterSecretStore {name}; there are: {BootstrapRunbook.Names(stores)}",
            stores is null ? "install the External Secrets Operator with its helm chart, then make a ClusterSecretStore" : "make it, or name another one: kubernetes.secrets.store");
    }

    private async Task<Finding> InjectorAsync(CancellationToken cancellation)
    {
        var hooks = await BootstrapRunbook.ListAsync(api, "/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations", cancellation);
        var found = hooks?.FirstOrDefault(h => BootstrapRunbook.NameOf(h).Contains("vault", StringComparison.Ordinal));
        return new Finding(
            "secrets", hooks is null || found is not null,
            hooks is null ? "webhooks may not be listed: look yourself whether the Vault agent injector runs" : found is null ? "the Vault agent injector is not there" : $"{BootstrapRunbook.NameOf(found)} injects secrets",
            "install vault's helm chart with injector.enabled, and a role for the service accounts of the namespace");
    }

    private async Task<Finding> ServesAsync(string check, string path, string what, string remedy, CancellationToken cancellation)
    {
        try
        {
            return await api.FindAsync(path, cancellation) is not null ? new Finding(check, true, $"{what}, answers", null) : new Finding(check, false, $"{what}, is not there", remedy);
        }
        catch (ApiRefusal refusal)
        {
            return new Finding(check, false, $"{what}, does not answer: {refusal.Message}", remedy);
        }
    }
}
