using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Provost.Runbooks.Tests.Targets.Kubernetes;

/// <summary>
/// The pods of a StatefulSet as its controller makes them, with the trap of kubernetes/kubernetes#67250: made in order, a pod that
/// never gets ready is not replaced when the template changes. Somebody has to delete it.
/// </summary>
internal static class StandInSets
{
    private const string Revision = "controller-revision-hash";

    public static void Roll(JsonObject set, JsonObject? old, IDictionary<string, JsonObject> objects, bool rolls, string badImage)
    {
        var template = set["spec"]!["template"]!;
        var (replicas, revision) = ((int?)set["spec"]!["replicas"] ?? 1, RevisionOf(template));
        var bad = template.ToJsonString().Contains(badImage, StringComparison.Ordinal);
        var pods = Enumerable.Range(0, replicas).Select(number => Pod(set, number, revision, objects, rolls && !bad)).ToList();
        var updated = pods.Count(pod => RevisionOf(pod, revision));
        var ready = pods.Count(IsReady);
        set["status"] = new JsonObject
        {
            ["observedGeneration"] = set["metadata"]!["generation"]!.DeepClone(),
            ["replicas"] = replicas,
            ["updatedReplicas"] = updated,
            ["availableReplicas"] = ready,
            ["updateRevision"] = revision,
            ["currentRevision"] = updated == replicas && ready == replicas ? revision : (string?)old?["status"]?["currentRevision"] ?? "none",
        };
    }

    private static JsonObject Pod(JsonObject set, int number, string revision, IDictionary<string, JsonObject> objects, bool good)
    {
        var (name, space) = ($"{set["metadata"]!["name"]}-{number}", $"/api/v1/namespaces/{set["metadata"]!["namespace"]}");
        var path = $"{space}/pods/{name}";
        var waitsForIt = (string?)set["spec"]!["podManagementPolicy"] is null or "OrderedReady";
        if (objects.TryGetValue(path, out var there) && !RevisionOf(there, revision) && !IsReady(there) && waitsForIt)
        {
            return there;
        }
        if (!good)
        {
            objects[$"{space}/events/{name}"] = new JsonObject { ["metadata"] = new JsonObject { ["name"] = name }, ["type"] = "Warning", ["reason"] = "Failed", ["message"] = "Failed to pull image: not found" };
        }
        return objects[path] = Made(set, name, revision, good);
    }

    private static JsonObject Made(JsonObject set, string name, string revision, bool good)
    {
        var labels = set["spec"]!["template"]!["metadata"]?["labels"]?.DeepClone().AsObject() ?? [];
        labels[Revision] = revision;
        return new JsonObject
        {
            ["metadata"] = new JsonObject { ["name"] = name, ["labels"] = labels },
            ["status"] = new JsonObject
            {
                ["phase"] = good ? "Running" : "Pending",
                ["conditions"] = new JsonArray(new JsonObject { ["type"] = "Ready", ["status"] = good ? "True" : "False" }),
                ["containerStatuses"] = new JsonArray(new JsonObject
                {
                    ["name"] = "store",
                    ["restartCount"] = 0,
                    ["state"] = good ? new JsonObject { ["running"] = new JsonObject() }
                        : new JsonObject { ["waiting"] = new JsonObject { ["reason"] = "ImagePullBackOff", ["message"] = "Back-off pulling image" } },
                }),
            },
        };
    }

    private static bool RevisionOf(JsonObject pod, string revision) => (string?)pod["metadata"]!["labels"]?[Revision] == revision;

    private static bool IsReady(JsonObject pod) => (string?)pod["status"]!["conditions"]?[0]?["status"] == "True";

    private static string RevisionOf(JsonNode template) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(template.ToJsonString())))[..8];
}
