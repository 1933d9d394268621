using System.Diagnostics;
using Provost.Rendering.Kubernetes;
using YamlDotNet.RepresentationModel;

namespace Provost.Rendering.Tests.Kubernetes;

/// <summary>The tree is what kustomize takes: by its own rules, and where kubectl is there, by itself.</summary>
public sealed class KustomizeTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("provost-kustomize-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [MemberData(nameof(Cases.Names), MemberType = typeof(Cases))]
    public void Every_file_is_named_by_a_kustomization_and_every_name_is_there(string name)
    {
        var files = KubernetesRenderer.Tree(Cases.Site(name)).ToDictionary(f => f.Path, f => f.Content);
        var kustomizations = files.Where(f => f.Key.EndsWith("kustomization.yaml", StringComparison.Ordinal)).ToList();

        var named = kustomizations.SelectMany(k => Resources(k.Value).Select(r => Combine(k.Key, r))).ToList();

        Assert.Equal(["base/kustomization.yaml", "kustomization.yaml", "overlays/production/kustomization.yaml", "overlays/staging/kustomization.yaml"], kustomizations.Select(k => k.Key).Order(StringComparer.Ordinal));
        Assert.All(named, path => Assert.True(files.ContainsKey(path) || files.ContainsKey(path + "/kustomization.yaml"), path));
        Assert.All(files.Keys.Except(kustomizations.Select(k => k.Key)), path => Assert.Single(named, path));
    }

    [Theory]
    [MemberData(nameof(Cases.Names), MemberType = typeof(Cases))]
    public void Kubectl_builds_the_objects_that_were_rendered_in_their_order(string name)
    {
        var site = Cases.Site(name);

        var built = Build(site, "");

        Assert.Equal(
            Cases.Manifests(name).Select(m => $"{m.Kind} {m.Name} {m.Namespace}"),
            built.Select(o => $"{Text(o, "kind")} {Text(o, "metadata", "name")} {Text(o, "metadata", "namespace")}"));
    }

    [Theory]
    [MemberData(nameof(Cases.Names), MemberType = typeof(Cases))]
    public void The_staging_overlay_moves_everything_to_a_namespace_of_its_own(string name)
    {
        var site = Cases.Site(name);
        var space = site.Namespace + "-staging";

        var built = Build(site, "overlays/staging");

        Assert.Contains(built, o => Text(o, "kind") == "Namespace" && Text(o, "metadata", "name") == space);
        Assert.All(built.Where(o => Text(o, "kind") is not ("Namespace" or "PriorityClass")), o => Assert.Equal(space, Text(o, "metadata", "namespace")));
        Assert.All(built.Where(o => Text(o, "kind") == "RoleBinding"), binding =>
            Assert.Equal(space, Text((YamlMappingNode)((YamlSequenceNode)binding["subjects"])[0], "namespace")));
        Assert.All(built.Where(o => Text(o, "kind") == "PriorityClass"), one => Assert.StartsWith(space + "-", Text(one, "metadata", "name"), StringComparison.Ordinal));
        Assert.All(built.Where(o => Text(o, "kind") is "Deployment" or "StatefulSet"), one =>
            Assert.Equal(site.Cluster.PriorityClasses, Text(one, "spec", "template", "spec", "priorityClassName").StartsWith(space + "-", StringComparison.Ordinal)));
        if (site.Site.Domain is { } domain && site.Cluster.Tls.Source is Topology.Model.TlsSource.Authority)
        {
            Assert.All(built.Where(o => Text(o, "kind") == "Job"), job => Assert.Equal("staging." + domain, Last(job["spec"]["template"])));
            Assert.All(built.Where(o => Text(o, "metadata", "name") == "certificate"), job => Assert.Equal("staging." + domain, Last(job["spec"]["jobTemplate"]["spec"]["template"])));
            var gateway = built.Single(o => Text(o, "kind") == "Deployment" && Text(o, "metadata", "name") == "gateway");
            Assert.Contains(((YamlSequenceNode)Container(gateway["spec"]["template"])["env"]).Children, e => Text(e, "name") == "PROVOST_Gateway__Domain" && Text(e, "value") == "staging." + domain);
        }
        Assert.All(built.Where(o => Text(o, "kind") == "Ingress"), ingress =>
            Assert.Equal("staging." + site.Site.Domain, Text((YamlMappingNode)((YamlSequenceNode)ingress["spec"]["rules"])[0], "host")));
    }

    private List<YamlMappingNode> Build(Rendering.Kubernetes.Manifests.ClusterSite site, string overlay)
    {
        var kubectl = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Select(at => Path.Combine(at, "kubectl")).FirstOrDefault(File.Exists);
        Assert.SkipUnless(kubectl is not null, "extra: kubectl is not on this machine");
        foreach (var file in KubernetesRenderer.Tree(site))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(folder, file.Path))!);
            File.WriteAllText(Path.Combine(folder, file.Path), file.Content);
        }
        var start = new ProcessStartInfo(kubectl!, ["kustomize", Path.Combine(folder, overlay)]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = System.Diagnostics.Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, errors.Result);
        Assert.Empty(errors.Result);
        var stream = new YamlStream();
        stream.Load(new StringReader(output));
        return [.. stream.Documents.Select(d => (YamlMappingNode)d.RootNode)];
    }

    private static YamlMappingNode Container(YamlNode template) => (YamlMappingNode)((YamlSequenceNode)template["spec"]["containers"])[0];

    // The last word of what its container is told.
    private static string Last(YamlNode template) => ((YamlScalarNode)((YamlSequenceNode)Container(template)["args"]).Children[^1]).Value ?? "";

    private static IEnumerable<string> Resources(string text)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(text));
        return ((YamlSequenceNode)stream.Documents[0].RootNode["resources"]).Select(r => ((YamlScalarNode)r).Value!);
    }

    private static string Combine(string kustomization, string resource) =>
        Path.GetRelativePath("/", Path.GetFullPath(Path.Combine("/", Path.GetDirectoryName(kustomization) ?? "", resource)));

    private static string Text(YamlNode node, params string[] keys)
    {
        foreach (var key in keys)
        {
            if (node is not YamlMappingNode map || !map.Children.TryGetValue(key, out var child))
            {
                return "";
            }
            node = child;
        }
        return ((YamlScalarNode)node).Value ?? "";
    }
}
