using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Provost.Rendering.Kubernetes.Manifests;
using Provost.Runbooks.Backups;
using Provost.Runbooks.Deploy;
using Provost.Runbooks.Targets.Kubernetes;
using Provost.Runbooks.Targets.Kubernetes.Plans;

namespace Provost.Cli.Output;

/// <param name="Changed">Files that were written anew, changed or removed.</param>
internal sealed record ManifestsAnswer(string Folder, IReadOnlyList<string> Files, IReadOnlyList<string> Changed);

internal sealed record SecretsAnswer(string Installation, IReadOnlyList<string> Made);

internal sealed record ClusterPlanAnswer(string Installation, string Release, IReadOnlyList<ObjectChange> Changes);

/// <summary>The keys of a deployment on every target. What users noticed is null: nobody stands at the cluster's door and counts.</summary>
/// <param name="Number">Of the release in the cluster's book.</param>
/// <param name="Applied">Number of objects.</param>
/// <param name="Removed">Objects that the release has no longer.</param>
internal sealed record ClusterDeployAnswer(
    string Installation, string Release, [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? From, int Number, int Applied, IReadOnlyList<string> Removed,
    double DurationSeconds, IReadOnlyList<DeployStep> Steps, bool RolledBack, [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Reason,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Remedy, IReadOnlyList<string> Details, IReadOnlyList<string> Notes)
{
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public long? Requests { get; }

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public long? Failed { get; }

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public double? LongestGapMs { get; }

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public int? SessionsMoved { get; }

    public IReadOnlyList<string> Undone => RolledBack ? [$"{From} was brought back"] : [];

    public static ClusterDeployAnswer Of(string installation, ClusterOutcome outcome) => new(
        installation, outcome.Release, outcome.From, outcome.Number, outcome.Applied, outcome.Removed, Math.Round(outcome.Seconds, 1), outcome.Steps,
        outcome.Failure is not null, outcome.Failure?.Message, outcome.Failure?.Remedy, outcome.Failure?.Details ?? [], outcome.Notes);
}

/// <param name="AgentRuns">The cluster itself watches over the pods.</param>
internal sealed record ClusterStatusAnswer(
    string Installation, bool Healthy, [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Release, int? Number, Dictionary<string, string> Urls, bool AgentRuns,
    IReadOnlyList<ClusterServiceAnswer> Services, [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] BackupHealth? Backup)
{
    public static ClusterStatusAnswer Of(ClusterSite site, ClusterStatus status) => new(
        site.Installation.Name, status.IsHealthy, status.Release?.Version, status.Release?.Number,
        new() { ["web"] = site.Site.PublicUrl().AbsoluteUri.TrimEnd('/') }, false,
        [.. status.Components.Select(c => new ClusterServiceAnswer(c.State.Name, c.State.IsDone, c.State.Wanted, c.State.Ready, [.. c.Pods.Select(ClusterReplicaAnswer.Of)]))], status.Backup);
}

internal sealed record ClusterServiceAnswer(string Name, bool Healthy, int Wanted, int Ready, IReadOnlyList<ClusterReplicaAnswer> Replicas);

/// <summary>The keys of a replica on every target. Process and memory are the node's to know: null.</summary>
internal sealed record ClusterReplicaAnswer(string Id, bool Ready, int Restarts, string Phase, string? Problem, string? Node)
{
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public int? Pid { get; }

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public long? RssBytes { get; }

    public static ClusterReplicaAnswer Of(PodStatus pod) => new(pod.Name, pod.Ready, pod.Restarts, pod.Phase, pod.Problem, pod.Node);
}

/// <summary>Answers of the verbs on Kubernetes.</summary>
[JsonSerializable(typeof(ClusterPlanAnswer))]
[JsonSerializable(typeof(ClusterDeployAnswer))]
[JsonSerializable(typeof(ClusterStatusAnswer))]
[JsonSerializable(typeof(ManifestsAnswer))]
[JsonSerializable(typeof(SecretsAnswer))]
internal sealed partial class KubernetesJson : JsonSerializerContext
{
    public static KubernetesJson Plain { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
