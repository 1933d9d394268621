using System.Security.Cryptography.X509Certificates;

namespace Provost.Runbooks.Targets.Kubernetes.Api;

/// <summary>Access of a pod by its service account.</summary>
public static class InCluster
{
    private const string Folder = "/var/run/secrets/kubernetes.io/serviceaccount";

    public static ClusterAccess? Find()
    {
        var (host, port) = (Environment.GetEnvironmentVariable("KUBERNETES_SERVICE_HOST"), Environment.GetEnvironmentVariable("KUBERNETES_SERVICE_PORT"));
        if (string.IsNullOrEmpty(host) || string.IsNullOrEmpty(port) || !File.Exists(Path.Combine(Folder, "token")))
        {
            return null;
        }
        var authority = new X509Certificate2Collection();
        authority.ImportFromPemFile(Path.Combine(Folder, "ca.crt"));
        var address = host.Contains(':', StringComparison.Ordinal) ? $"[{host}]" : host;
        // The kubelet writes the token anew before it ends.
        return new ClusterAccess(
            "this cluster", new Uri($"https://{address}:{port}"), authority, null,
            async cancellation => (await File.ReadAllTextAsync(Path.Combine(Folder, "token"), cancellation)).Trim())
        {
            Namespace = File.ReadAllText(Path.Combine(Folder, "namespace")).Trim(),
        };
    }
}
