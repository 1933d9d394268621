using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Provost.Runbooks.Targets.Kubernetes.Api;

/// <summary>A kubeconfig: one file, or several that are read as one. The context is explicit: named, or the only one there is; never whichever was current last.</summary>
public sealed class KubeConfig
{
    private readonly string file;
    private readonly IReadOnlyList<(string File, YamlMappingNode Root)> sources;

    private KubeConfig(IReadOnlyList<(string File, YamlMappingNode Root)> sources) =>
        (this.sources, file) = (sources, string.Join(Path.PathSeparator, sources.Select(source => source.File)));

    /// <param name="files">Of two entries with one name, that of the file that stands first counts, as for kubectl.</param>
    public static KubeConfig Read(params IReadOnlyList<string> files) => new([.. files.Select(file => (file, Load(file)))]);

    private static YamlMappingNode Load(string file)
    {
        try
        {
            var stream = new YamlStream();
            stream.Load(new StringReader(File.ReadAllText(file)));
            return stream.Documents is [{ RootNode: YamlMappingNode root }] ? root : throw Refused(file, "is no kubeconfig");
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

    public ClusterAccess Access(string? context, TimeProvider time)
    {
        var contexts = Names("contexts");
        var name = context ?? (contexts is [var only] ? only : throw new OperationError(
            ErrorKind.Configuration, $"{file} has {contexts.Count} contexts", $"say which cluster is meant: --context {string.Join(" or --context ", contexts)}"));
        var chosen = Find("contexts", "context", name);
        var cluster = Find("clusters", "cluster", Text(chosen.Map, "cluster") ?? throw Refused(file, $"context {name} names no cluster"));
        var user = Text(chosen.Map, "user") is { Length: > 0 } userName ? Find("users", "user", userName) : new Entry(file, []);
        if (!Uri.TryCreate(Text(cluster.Map, "server"), UriKind.Absolute, out var server))
        {
            throw Refused(cluster.File, $"the cluster of context {name} has no address");
        }
        return new ClusterAccess(name, server, Authority(cluster), Identity(user), new Credential(user.File, user.Map, time).TokenAsync)
        {
            Namespace = Text(chosen.Map, "namespace"),
            TrustsAnybody = Text(cluster.Map, "insecure-skip-tls-verify") == "true",
            ServerName = Text(cluster.Map, "tls-server-name"),
        };
    }

    internal static string? Text(YamlMappingNode map, string key) => map.Children.TryGetValue(key, out var node) && node is YamlScalarNode { Value: { } value } ? value : null;

    // Files that an entry names lie beside the file that it stands in.
    private sealed record Entry(string File, YamlMappingNode Map);

    private static X509Certificate2Collection? Authority(Entry cluster)
    {
        if (Pem(cluster, "certificate-authority") is not { } pem)
        {
            return null;
        }
        var certificates = new X509Certificate2Collection();
        certificates.ImportFromPem(pem);
        return certificates;
    }

    private static X509Certificate2? Identity(Entry user)
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
            throw Refused(user.File, $"has a client certificate that cannot be used: {e.Message}");
        }
    }

    // Either in the file (base64) or in another one beside it.
    private static string? Pem(Entry entry, string key)
    {
        try
        {
            return Text(entry.Map, key + "-data") is { } data ? Encoding.UTF8.GetString(Convert.FromBase64String(data))
                : Text(entry.Map, key) is { } path ? File.ReadAllText(Path.Combine(Path.GetDirectoryName(Path.GetFullPath(entry.File))!, path))
                : null;
        }
        catch (Exception e) when (e is FormatException or IOException or UnauthorizedAccessException)
        {
            throw Refused(entry.File, $"{key} cannot be read: {e.Message}");
        }
    }

    private List<string> Names(string section) => [.. Entries(section).Select(entry => Text(entry.Map, "name")).OfType<string>().Distinct()];

    private Entry Find(string section, string key, string name) =>
        Entries(section).Where(entry => Text(entry.Map, "name") == name)
            .Select(entry => entry.Map.Children.TryGetValue(key, out var node) && node is YamlMappingNode map ? entry with { Map = map } : null)
            .OfType<Entry>().FirstOrDefault()
        ?? throw new OperationError(ErrorKind.Configuration, $"{file} has no {key} \"{name}\"", $"its {section} are: {string.Join(", ", Names(section))}");

    private IEnumerable<Entry> Entries(string section) => sources.SelectMany(source =>
        source.Root.Children.TryGetValue(section, out var node) && node is YamlSequenceNode list ? list.OfType<YamlMappingNode>().Select(map => new Entry(source.File, map)) : []);

    private static OperationError Refused(string file, string problem) =>
        new(ErrorKind.Configuration, $"{file}: {problem}", "check it with: kubectl config view --kubeconfig FILE");
}
