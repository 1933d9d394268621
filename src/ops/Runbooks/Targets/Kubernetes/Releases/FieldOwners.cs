using System.Text.Json.Nodes;
using Provost.Runbooks.Targets.Kubernetes.Api;

namespace Provost.Runbooks.Targets.Kubernetes.Releases;

/// <summary>
/// Fields that `kubectl apply` holds become the tool's, as kubectl itself does it when it changes to server-side apply: what a later
/// release has no longer would stay for ever otherwise, held by nobody who looks.
/// </summary>
internal static class FieldOwners
{
    /// <summary>The owners as they are to be; null when kubectl holds nothing.</summary>
    public static JsonArray? TakenOver(JsonObject live)
    {
        var entries = (live["metadata"]?["managedFields"] as JsonArray ?? []).OfType<JsonObject>().ToList();
        var old = entries.Where(e => IsOf(e, ApiApply.Kubectl, "Update")).ToList();
        if (old.Count == 0)
        {
            return null;
        }
        var ours = (entries.FirstOrDefault(e => IsOf(e, ApiApply.FieldManager, "Apply")) ?? old[0]).DeepClone().AsObject();
        ours["manager"] = ApiApply.FieldManager;
        ours["operation"] = "Apply";
        foreach (var entry in old)
        {
            Union(ours["fieldsV1"] as JsonObject ?? [], entry["fieldsV1"] as JsonObject ?? []);
        }
        return [ours, .. entries.Where(e => !old.Contains(e) && !IsOf(e, ApiApply.FieldManager, "Apply")).Select(e => e.DeepClone())];
    }

    private static bool IsOf(JsonObject entry, string manager, string operation) =>
        (string?)entry["manager"] == manager && (string?)entry["operation"] == operation && string.IsNullOrEmpty((string?)entry["subresource"]);

    // Sets of fields are maps of maps.
    private static void Union(JsonObject into, JsonObject from)
    {
        foreach (var (key, value) in from)
        {
            if (into[key] is not JsonObject there)
            {
                into[key] = value?.DeepClone();
            }
            else if (value is JsonObject more)
            {
                Union(there, more);
            }
        }
    }
}
