using System.Text.Json.Nodes;
using Provost.Rendering.Kubernetes.Manifests;

namespace Provost.Rendering.Kubernetes.Trees;

/// <summary>
/// The objects of a site as a tree that `kubectl apply -k` takes: base/ is the site as provost.yaml describes it, overlays/ are
/// what differs in other places, and the top is base/.
/// </summary>
public static class KustomizeTree
{
    /// <summary>How every rendered file begins.</summary>
    public const string Mark = "# Rendered by provost";

    private const string Notice = Mark + ": do not edit. Change provost.yaml, or patch from a kustomization of your own.\n";

    internal static IReadOnlyList<RenderedFile> Of(ClusterSite site, IReadOnlyList<(string File, IReadOnlyList<Manifest> Manifests)> parts)
    {
        List<RenderedFile> files =
        [
            Kustomization("kustomization.yaml", Top()),
            Kustomization("base/kustomization.yaml", Base(parts.Select(p => p.File))),
            .. parts.Select(p => new RenderedFile($"base/{p.File}.yaml", Notice + string.Join("---\n", p.Manifests.Select(m => Yaml.Write(m.Body))))),
            Kustomization("overlays/staging/kustomization.yaml", Overlays.Staging(site)),
            Kustomization("overlays/production/kustomization.yaml", Overlays.Production(site)),
        ];
        return files;
    }

    private static JsonObject Top() => Head(new JsonArray("base"));

    private static JsonObject Base(IEnumerable<string> files) => Head(new JsonArray([.. files.Select(file => (JsonNode)$"{file}.yaml")]));

    internal static JsonObject Head(JsonArray resources) => new()
    {
        ["apiVersion"] = "kustomize.config.k8s.io/v1beta1",
        ["kind"] = "Kustomization",
        ["resources"] = resources,
        // Objects stand in the order in which they are needed. Only the word of the kustomization that is applied counts.
        ["sortOptions"] = new JsonObject { ["order"] = "fifo" },
    };

    private static RenderedFile Kustomization(string path, JsonObject content) => new(path, Notice + Yaml.Write(new Manifest(content).Body));
}
