using System.Text.Json.Nodes;
using Provost.Rendering.Kubernetes.Manifests;
using Provost.Runbooks.Targets.Kubernetes.Api;

namespace Provost.Runbooks.Targets.Kubernetes.Releases;

/// <summary>Stores go on as they run while the services around them are renewed: they hold the data, and starting them anew is noticed.</summary>
public static class KeptStores
{
    /// <param name="live">Objects of the release that is live.</param>
    /// <returns>The manifests with the stores of the live release, and the names of those that would be different.</returns>
    public static (IReadOnlyList<Manifest> Manifests, IReadOnlyList<string> Kept) Of(IReadOnlyList<Manifest> manifests, IReadOnlyList<Manifest> live)
    {
        var running = live.Where(m => m.Kind is "StatefulSet").ToDictionary(ApiPath.Of);
        List<string> kept = [];
        List<Manifest> wanted = [];
        foreach (var manifest in manifests)
        {
            if (running.GetValueOrDefault(ApiPath.Of(manifest)) is not { } now || JsonNode.DeepEquals(Template(now), Template(manifest)))
            {
                wanted.Add(manifest);
                continue;
            }
            kept.Add(manifest.Name);
            wanted.AddRange(live.Where(map => map.Kind is "ConfigMap" && Uses(now, map) && !manifests.Any(m => ApiPath.Of(m) == ApiPath.Of(map))));
            wanted.Add(With(manifest, now));
        }
        return kept.Count == 0 ? (manifests, kept) : ([.. wanted.Where(m => m.Kind is not "ConfigMap" || wanted.Any(user => user.Kind is not "ConfigMap" && Uses(user, m)))], kept);
    }

    /// <summary>What is to be said about them.</summary>
    public static string Remark(IReadOnlyList<string> kept) =>
        $"the stores go on as before, though the release or provost.yaml changes them ({string.Join(", ", kept)}); renew them at a quiet moment: provost deploy --stores";

    private static JsonNode? Template(Manifest set) => set.Body["spec"]?["template"];

    // Its members are named in its configuration: their number goes with the template.
    private static Manifest With(Manifest set, Manifest running)
    {
        var body = set.Body.DeepClone().AsObject();
        body["spec"]!["template"] = Template(running)?.DeepClone();
        body["spec"]!["replicas"] = running.Body["spec"]?["replicas"]?.DeepClone();
        return new Manifest(body);
    }

    private static bool Uses(Manifest user, Manifest map) => user.Body["spec"]?.ToJsonString().Contains($"\"{map.Name}\"", StringComparison.Ordinal) == true;
}
