using System.Text.Json.Nodes;
using Provost.Rendering.Kubernetes.Manifests;

namespace Provost.Runbooks.Targets.Kubernetes.Rollouts;

/// <summary>How long a workload may take at most: what its own template says a pod takes, for one pod after the other.</summary>
internal static class RolloutLimit
{
    // For what no template says: images that come slowly, volumes that are attached.
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(120);

    public static TimeSpan Of(Manifest workload, int replicas)
    {
        var spec = workload.Body["spec"];
        var pod = spec?["template"]?["spec"];
        var start = (pod?["containers"] as JsonArray ?? []).Select(StartOf).DefaultIfEmpty(0).Max();
        var each = ((int?)pod?["terminationGracePeriodSeconds"] ?? 30) + start + ((int?)spec?["minReadySeconds"] ?? 0);
        // A Deployment's own deadline is for one step; it is told by its controller long before this.
        return TimeSpan.FromSeconds(Math.Max(each, (int?)spec?["progressDeadlineSeconds"] ?? 0) * Math.Max(1, replicas)) + Margin;
    }

    private static int StartOf(JsonNode? container) =>
        container?["startupProbe"] is { } probe ? ((int?)probe["periodSeconds"] ?? 10) * ((int?)probe["failureThreshold"] ?? 3) : 0;
}
