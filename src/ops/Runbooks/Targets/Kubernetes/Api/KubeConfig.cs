using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Provost.Runbooks.Targets.Kubernetes.Api;

/// <summary>A kubeconfig file. The context is explicit: named, or the only one there is; never whichever was current last.</summary>
public sealed class KubeConfig
{
    private readonly string file;
    private readonly YamlMappingNode root;

    private KubeConfig(string file, YamlMappingNode root) => (this.file, this.root) = (file, root);

    public static KubeConfig Read(string file)
    {
        try
        {
            var stream = new YamlStream();
            stream.Load(new StringReader(File.ReadAllText(file)));
            return stream.Documents is [{ RootNode: YamlMappingNode root }] ? new KubeConfig(file, root) : throw Refused(file, "is no kubeconfig");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new OperationError(ErrorKind.Configuration, $"the kubeconfig cannot be read: {e.Message}", "name the file: --kubeconfig FILE", cause: e);
        }
        catch (YamlException e)
        {
            throw Refused(file, $"is not valid YAML: {e.Message}");
        }
    }

    public ClusterAccess Access(string? context)
    {
        var contexts = Names("contexts");
        var name = context ?? (contexts is [var only] ? only : throw new OperationError(
            ErrorKind.Configuration, $"{file} has {contexts.Count} contexts", $"say which cluster is meant: --context {string.Join(" or --context ", contexts)}"));
        var chosen = Entry("contexts", "context", name);
        var cluster = Entry("clusters", "cluster", Text(chosen, "cluster") ?? throw Refused(file, $"context {name} names no cluster"));
        var user = Text(chosen, "user") is { Length: > 0 } userName ? Entry("users", "user", userName) : [];
        if (!Uri.TryCreate(Text(cluster, "server"), UriKind.Absolute, out var server))
        {
            throw Refused(file, $"the cluster of context {name} has no address");
        }
        return new ClusterAccess(name, server, Authority(cluster), Identity(user), new Credential(file, user).TokenAsync)
        {
            Namespace = Text(chosen, "namespace"),
            TrustsAnybody = Text(cluster, "insecure-skip-tls-verify") == "true",
            ServerName = Text(cluster, "tls-server-name"),
        };
    }

    internal static string? Text(YamlMappingNode map, string key) => map.Children.TryGetValue(key, out var node) && node is YamlScalarNode { Value: { } value } ? value : null;

    private X509Certificate2Collection? Authority(YamlMappingNode cluster)
    {
        if (Pem(cluster, "certificate-authority") is not { } pem)
        {
            return null;
        }
        var certificates = new X509Certificate2Collection();
        certificates.ImportFromPem(pem);
        return certificates;
    }

    private X509Certificate2? Identity(YamlMappingNode user)
    {
        if (Pem(user, "client-certificate") is not { } certificate || Pem(user, "client-key") is not { } key)
        {
            return null;
        }
        try
        {
            // TLS wants a key that it can hand on: by way of PKCS #12.
            using var pair = X509Certificate2.CreateFromPem(certificate, key);
            return X509CertificateLoader.LoadPkcs12(pair.Export(X509ContentType.Pkcs12), null);
        }
        catch (CryptographicException e)
        {
            throw Refused(file, $"has a client certificate that cannot be used: {e.Message}");
        }
    }

    // Either in the file (base64) or in another one beside it.
    private string? Pem(YamlMappingNode map, string key)
    {
        try
        {
            return Text(map, key + "-data") is { } data ? Encoding.UTF8.GetString(Convert.FromBase64String(data))
                : Text(map, key) is { } path ? File.ReadAllText(Path.Combine(Path.GetDirectoryName(Path.GetFullPath(file))!, path))
                : null;
        }
        catch (Exception e) when (e is FormatException or IOException or UnauthorizedAccessException)
        {
            throw Refused(file, $"{key} cannot be read: {e.Message}");
        }
    }

    private List<string> Names(string section) => [.. Entries(section).Select(entry => Text(entry, "name")).OfType<string>()];

    private YamlMappingNode Entry(string section, string key, string name) =>
        Entries(section).Where(entry => Text(entry, "name") == name).Select(entry => entry.Children.TryGetValue(key, out var node) ? node : null)
            .OfType<YamlMappingNode>().FirstOrDefault()
        ?? throw new OperationError(ErrorKind.Configuration, $"{file} has no {key} \"{name}\"", $"its {section} are: {string.Join(", ", Names(section))}");

    private IEnumerable<YamlMappingNode> Entries(string section) =>
        root.Children.TryGetValue(section, out var node) && node is YamlSequenceNode list ? list.OfType<YamlMappingNode>() : [];

    private static OperationError Refused(string file, string problem) =>
        new(ErrorKind.Configuration, $"{file}: {problem}", "check it with: kubectl config view --kubeconfig FILE");
}
