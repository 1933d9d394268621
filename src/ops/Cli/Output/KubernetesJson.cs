using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Provost.Rendering.Kubernetes.Manifests;
using Provost.Runbooks.Targets.Kubernetes;
using Provost.Runbooks.Targets.Kubernetes.Plans;

namespace Provost.Cli.Output;

/// <param name="Changed">Files that were written anew, changed or removed.</param>
internal sealed record ManifestsAnswer(string Folder, IReadOnlyList<string> Files, IReadOnlyList<string> Changed);

internal sealed record SecretsAnswer(string Installation, IReadOnlyList<string> Made);

internal sealed record ClusterPlanAnswer(string Installation, string Release, IReadOnlyList<ObjectChange> Changes);

/// <summary>The keys of a deployment elsewhere, as far as a cluster tells. One that fails and returns is an error.</summary>
internal sealed record ClusterDeployAnswer(string Installation, string Release, int Number, int Applied, IReadOnlyList<string> Removed, double DurationSeconds)
{
    public bool RolledBack { get; }

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string? Reason { get; }
}

internal sealed record ClusterStatusAnswer(
    string Installation, bool Healthy, [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Release, int? Number, Dictionary<string, string> Urls, IReadOnlyList<ClusterServiceAnswer> Services)
{
    public static ClusterStatusAnswer Of(ClusterSite site, ClusterStatus status) => new(
        site.Installation.Name, status.IsHealthy, status.Release?.Version, status.Release?.Number,
        new() { ["web"] = site.Site.PublicUrl().AbsoluteUri.TrimEnd('/') },
        [.. status.Components.Select(c => new ClusterServiceAnswer(c.State.Name, c.State.IsDone, c.State.Wanted, c.State.Ready, c.Pods))]);
}

internal sealed record ClusterServiceAnswer(string Name, bool Healthy, int Wanted, int Ready, IReadOnlyList<PodStatus> Replicas);

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
