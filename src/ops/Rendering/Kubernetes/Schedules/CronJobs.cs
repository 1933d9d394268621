using System.Text.Json.Nodes;
using Provost.Rendering.Kubernetes.Manifests;

namespace Provost.Rendering.Kubernetes.Schedules;

/// <summary>Work at set times, one at a time; the last runs stay to be looked at.</summary>
internal static class CronJobs
{
    // A run that a busy cluster could not begin within this time waits for the next.
    private const int StartingDeadlineSeconds = 3600;

    public static Manifest Of(ClusterSite site, string component, string name, string times, JsonObject job, bool suspend = false) => new(new JsonObject
    {
        ["apiVersion"] = "batch/v1",
        ["kind"] = "CronJob",
        ["metadata"] = site.Metadata(name, component),
        ["spec"] = new JsonObject
        {
            ["schedule"] = times,
            ["timeZone"] = "Etc/UTC",
            ["suspend"] = suspend ? true : null,
            ["concurrencyPolicy"] = "Forbid",
            ["startingDeadlineSeconds"] = StartingDeadlineSeconds,
            ["successfulJobsHistoryLimit"] = 3,
            ["failedJobsHistoryLimit"] = 3,
            ["jobTemplate"] = new JsonObject
            {
                ["metadata"] = new JsonObject { ["labels"] = site.Labels(component) },
                ["spec"] = job,
            },
        },
    });
}
