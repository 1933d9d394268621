using System.Globalization;
using System.Text.Json.Nodes;

namespace Provost.Runbooks.Targets.Kubernetes.Rollouts;

/// <summary>How far the rollout of a Deployment or a StatefulSet is.</summary>
/// <param name="Problem">Why it will not go on; null while it may.</param>
/// <param name="Trouble">What keeps its pods from being made; it may pass.</param>
public sealed record WorkloadState(string Kind, string Name, int Wanted, int Updated, int Ready, int Old, bool Seen, string? Problem, string? Trouble)
{
    public bool IsDone => Seen && Problem is null && Updated >= Wanted && Ready >= Wanted && Old == 0;

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Name}: {Math.Min(Ready, Updated)} of {Wanted} ready{(Old > 0 ? $", {Old} of before leaving" : "")}{(Problem is null ? "" : ", " + Problem)}");

    /// <param name="before">Conditions that were there before the release was applied: they say nothing about it.</param>
    public static WorkloadState Of(string kind, JsonObject workload, IReadOnlySet<string>? before = null)
    {
        var (spec, status) = (workload["spec"], workload["status"]);
        var wanted = (int?)spec?["replicas"] ?? 1;
        var seen = ((long?)status?["observedGeneration"] ?? -1) >= ((long?)workload["metadata"]?["generation"] ?? 0);
        var (replicas, updated) = ((int?)status?["replicas"] ?? 0, (int?)status?["updatedReplicas"] ?? 0);
        // A StatefulSet whose revision is current has nobody to update.
        if (kind == "StatefulSet" && (string?)status?["updateRevision"] is { } next && next == (string?)status?["currentRevision"])
        {
            updated = replicas;
        }
        return new WorkloadState(
            kind, (string)workload["metadata"]!["name"]!, wanted, updated, (int?)status?["availableReplicas"] ?? 0, Math.Max(0, replicas - updated), seen,
            seen ? Condition(workload, "Progressing", "False", before) : null, seen ? Condition(workload, "ReplicaFailure", "True", before) : null);
    }

    /// <summary>Each condition with the time at which it came about: the same word later is another one.</summary>
    public static IEnumerable<string> Conditions(JsonObject workload) =>
        (workload["status"]?["conditions"] as JsonArray ?? []).OfType<JsonObject>().Select(condition => $"{(string?)workload["metadata"]?["uid"]} {condition.ToJsonString()}");

    private static string? Condition(JsonObject workload, string type, string value, IReadOnlySet<string>? before)
    {
        var found = (workload["status"]?["conditions"] as JsonArray ?? []).OfType<JsonObject>().FirstOrDefault(c => (string?)c["type"] == type && (string?)c["status"] == value);
        return found is null || before?.Contains($"{(string?)workload["metadata"]?["uid"]} {found.ToJsonString()}") == true ? null : $"{(string?)found["reason"]}: {(string?)found["message"]}";
    }
}
