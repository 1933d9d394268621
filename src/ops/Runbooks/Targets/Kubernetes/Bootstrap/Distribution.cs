namespace Provost.Runbooks.Targets.Kubernetes.Bootstrap;

/// <summary>Who made the cluster: what is missing is added in another way on each.</summary>
public enum Distribution
{
    /// <summary>k3s brings storage, ingress, metrics and network policies; what is missing was switched off.</summary>
    K3s,

    /// <summary>A cluster of one of the large clouds.</summary>
    Managed,

    /// <summary>kubeadm and everything like it: nothing is there that nobody installed.</summary>
    Kubeadm,
}

/// <summary>What to do about what is missing.</summary>
internal static class Remedies
{
    /// <param name="gitVersion">"v1.36.1+k3s1", "v1.35.2-gke.100", "v1.36.0".</param>
    public static Distribution Of(string gitVersion, IEnumerable<string> providers)
    {
        if (gitVersion.Contains("+k3s", StringComparison.Ordinal))
        {
            return Distribution.K3s;
        }
        var clouds = providers.Any(p => p.StartsWith("aws:", StringComparison.Ordinal) || p.StartsWith("gce:", StringComparison.Ordinal) || p.StartsWith("azure:", StringComparison.Ordinal));
        return clouds || gitVersion.Contains("-gke", StringComparison.Ordinal) || gitVersion.Contains("-eks", StringComparison.Ordinal) ? Distribution.Managed : Distribution.Kubeadm;
    }

    public static string Upgrade(Distribution on) => on switch
    {
        Distribution.K3s => "install a newer k3s on each node, servers first",
        Distribution.Managed => "upgrade the control plane, then the node pools, in the provider's console",
        _ => "kubeadm upgrade plan, then kubeadm upgrade apply",
    };

    public static string DefaultClass(Distribution on) => on switch
    {
        Distribution.K3s => "start k3s without --disable local-storage",
        Distribution.Managed => "add the provider's CSI driver (an add-on of the cluster)",
        _ => "install a CSI driver, or the local-path provisioner on a single node",
    } + "; then make one class the default: kubectl annotate storageclass NAME storageclass.kubernetes.io/is-default-class=true";

    public static string Ingress(Distribution on) => on switch
    {
        Distribution.K3s => "start k3s without --disable traefik",
        Distribution.Managed => "add the provider's ingress controller (an add-on of the cluster)",
        _ => "install an ingress controller, for example traefik with helm",
    } + "; then name its class: kubernetes.edge.class";

    public static string Metrics(Distribution on) => on switch
    {
        Distribution.K3s => "start k3s without --disable metrics-server",
        Distribution.Managed => "add the metrics server (an add-on of the cluster)",
        _ => "install metrics-server from its release manifests",
    };

    public static string Policies(Distribution on) => on switch
    {
        Distribution.K3s => "start k3s without --disable-network-policy",
        Distribution.Managed => "switch network policies on for the cluster",
        _ => "use a CNI that enforces them: calico, cilium, kube-router, antrea",
    };
}
