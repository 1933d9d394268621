using System.Text.Json.Nodes;
using Provost.Rendering.Kubernetes.Access;
using Provost.Rendering.Process;
using Provost.Runbooks.Authorities;
using Provost.Runbooks.Targets.Kubernetes.Api;
using Provost.Runbooks.Tools;

namespace Provost.Runbooks.Targets.Kubernetes;

/// <summary>
/// The certificate of a site by the installation's own authority: made when it is missing, renewed in the last third of its
/// life. The authority stays in its Secret, so that browsers go on trusting it.
/// </summary>
public sealed class ClusterCertificate(ApiConnection api, string space, TimeProvider time)
{
    private static readonly string[] AuthorityFiles = ["ca.crt", "ca.key"];
    private static readonly string[] ServerFiles = ["tls.crt", "tls.key"];

    /// <returns>Whether it was made or renewed.</returns>
    public async Task<bool> EnsureAsync(string secret, string domain, string installation, CancellationToken cancellation)
    {
        var folder = Directory.CreateTempSubdirectory("provost-certificate-").FullName;
        try
        {
            var (authority, server) = (await FindAsync(SecretNames.Authority, cancellation), await FindAsync(secret, cancellation));
            Unpack(folder, authority, AuthorityFiles);
            Unpack(folder, server, ServerFiles);
            var files = new CertificateSpec(domain, Path.Combine(folder, "ca.crt"), Path.Combine(folder, "tls.crt"), Path.Combine(folder, "tls.key"));
            if (!new Authority(files, time).Ensure())
            {
                return false;
            }
            await PutAsync(SecretNames.Authority, "Opaque", folder, AuthorityFiles, authority, installation, cancellation);
            await PutAsync(secret, "kubernetes.io/tls", folder, ServerFiles, server, installation, cancellation);
            return true;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private Task<JsonObject?> FindAsync(string name, CancellationToken cancellation) => api.FindAsync($"{Secrets}/{name}", cancellation);

    private string Secrets => ApiPath.Collection("v1", "Secret", space);

    private static void Unpack(string folder, JsonObject? secret, string[] names)
    {
        foreach (var name in names)
        {
            if ((string?)secret?["data"]?[name] is { Length: > 0 } encoded)
            {
                PrivateFiles.Write(Path.Combine(folder, name), Convert.FromBase64String(encoded));
            }
        }
    }

    private async Task PutAsync(string name, string type, string folder, string[] names, JsonObject? found, string installation, CancellationToken cancellation)
    {
        var data = new JsonObject();
        foreach (var file in names)
        {
            data[file] = Convert.ToBase64String(await File.ReadAllBytesAsync(Path.Combine(folder, file), cancellation));
        }
        if (found is null)
        {
            await api.SendAsync(HttpMethod.Post, Secrets, ClusterSecretsRunbook.SecretOf(name, space, "gateway", installation, type, data), cancellation);
            return;
        }
        found["data"] = data;
        await api.SendAsync(HttpMethod.Put, $"{Secrets}/{name}", found, cancellation);
    }
}
