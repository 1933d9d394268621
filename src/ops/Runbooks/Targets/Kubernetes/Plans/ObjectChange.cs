using System.Text.Json.Nodes;

namespace Provost.Runbooks.Targets.Kubernetes.Plans;

/// <summary>What would become of one object: "create", "change" or "remove".</summary>
/// <param name="Fields">Path, before, after; values of secrets are masked.</param>
public sealed record ObjectChange(string Action, string Kind, string Name, IReadOnlyList<FieldChange> Fields);

public sealed record FieldChange(string Path, string? Before, string? After);

/// <summary>The difference of two objects as the server has them, without what it keeps for itself.</summary>
internal static class ObjectDifference
{
    private const string Masked = "(masked)";

    private static readonly string[] Kept = ["managedFields", "resourceVersion", "generation", "uid", "creationTimestamp", "selfLink"];

    public static IReadOnlyList<FieldChange> Between(JsonObject live, JsonObject next)
    {
        List<FieldChange> changes = [];
        Compare(Cleaned(live), Cleaned(next), "", (string?)next["kind"] == "Secret", changes);
        return changes;
    }

    private static JsonObject Cleaned(JsonObject body)
    {
        var copy = body.DeepClone().AsObject();
        copy.Remove("status");
        if (copy["metadata"] is JsonObject metadata)
        {
            foreach (var key in Kept)
            {
                metadata.Remove(key);
            }
            // Written by the cluster's own controllers, which count rollouts there.
            (metadata["annotations"] as JsonObject)?.Remove("deployment.kubernetes.io/revision");
            if (metadata["annotations"] is JsonObject { Count: 0 })
            {
                metadata.Remove("annotations");
            }
        }
        return copy;
    }

    private static void Compare(JsonNode? before, JsonNode? after, string path, bool secret, List<FieldChange> changes)
    {
        switch (before, after)
        {
            case (JsonObject one, JsonObject other):
                foreach (var key in one.Select(p => p.Key).Union(other.Select(p => p.Key)).Order(StringComparer.Ordinal))
                {
                    Compare(one[key], other[key], path.Length == 0 ? key : $"{path}.{key}", secret, changes);
                }
                break;
            case (JsonArray one, JsonArray other):
                for (var i = 0; i < Math.Max(one.Count, other.Count); i++)
                {
                    Compare(i < one.Count ? one[i] : null, i < other.Count ? other[i] : null, $"{path}[{i}]", secret, changes);
                }
                break;
            case var _ when !JsonNode.DeepEquals(before, after):
                var hidden = secret && (path.StartsWith("data", StringComparison.Ordinal) || path.StartsWith("stringData", StringComparison.Ordinal));
                changes.Add(new FieldChange(path, hidden && before is not null ? Masked : Text(before), hidden && after is not null ? Masked : Text(after)));
                break;
        }
    }

    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : node?.ToJsonString();
}
