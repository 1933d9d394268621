using System.Text.Json.Nodes;

namespace Provost.Runbooks.Tests.Targets.Kubernetes;

/// <summary>
/// Who holds the number of replicas of a Deployment, as server-side apply keeps it: who applies it holds it, who leaves it out lets go,
/// and when nobody holds it any more the server falls back to one.
/// </summary>
internal static class StandInFields
{
    public static void Apply(JsonObject next, JsonObject? old, string manager)
    {
        if ((string?)next["kind"] != "Deployment")
        {
            return;
        }
        var holders = Holders(old).Where(name => name != manager).ToList();
        if (next["spec"]?["replicas"] is not null)
        {
            holders.Add(manager);
        }
        else
        {
            next["spec"] ??= new JsonObject();
            next["spec"]!["replicas"] = holders.Count > 0 ? old!["spec"]!["replicas"]?.DeepClone() ?? 1 : 1;
        }
        next["metadata"]!["managedFields"] = new JsonArray([.. holders.Select(name => Entry(name, name == "kube-controller-manager" ? "Update" : "Apply"))]);
    }

    /// <summary>An autoscaler sets the number, which makes it the holder.</summary>
    public static void Scale(JsonObject deployment, int replicas)
    {
        deployment["spec"]!["replicas"] = replicas;
        deployment["metadata"]!["managedFields"] = new JsonArray(Entry("kube-controller-manager", "Update"));
    }

    /// <summary>The refusal of who applies another number than a holder's; null when there is none.</summary>
    public static JsonObject? Conflict(JsonObject next, JsonObject? old, string manager)
    {
        var other = Holders(old).FirstOrDefault(name => name != manager);
        return other is null || next["spec"]?["replicas"] is not { } wanted || JsonNode.DeepEquals(wanted, old!["spec"]!["replicas"]) ? null : new JsonObject
        {
            ["causes"] = new JsonArray(new JsonObject { ["reason"] = "FieldManagerConflict", ["message"] = $"conflict with \"{other}\" with subresource \"scale\" using apps/v1", ["field"] = ".spec.replicas" }),
        };
    }

    private static IEnumerable<string> Holders(JsonObject? live) => (live?["metadata"]?["managedFields"] as JsonArray ?? [])
        .Where(entry => entry?["fieldsV1"]?["f:spec"]?["f:replicas"] is not null).Select(entry => (string)entry!["manager"]!);

    private static JsonObject Entry(string manager, string operation) => new()
    {
        ["manager"] = manager,
        ["operation"] = operation,
        ["fieldsV1"] = new JsonObject { ["f:spec"] = new JsonObject { ["f:replicas"] = new JsonObject() } },
    };
}
