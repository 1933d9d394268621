using System.Text.Json.Nodes;

namespace Provost.Runbooks.Tests.Targets.Kubernetes;

/// <summary>Deployments and jobs as their controllers carry them out: at once, or never.</summary>
internal static class StandInDeployments
{
    public static void Roll(JsonObject workload, JsonObject? old, IDictionary<string, JsonObject> objects, bool rolls, string badImage)
    {
        var wanted = (int?)workload["spec"]!["replicas"] ?? 1;
        var bad = workload["spec"]!.ToJsonString().Contains(badImage, StringComparison.Ordinal);
        var done = rolls && !bad;
        workload["status"] = new JsonObject
        {
            ["observedGeneration"] = workload["metadata"]!["generation"]!.DeepClone(),
            ["replicas"] = done || old is null ? wanted : wanted + 1,
            ["updatedReplicas"] = done ? wanted : 1,
            ["availableReplicas"] = done || old is not null ? wanted : 0,
            ["conditions"] = bad ? new JsonArray(new JsonObject
            {
                ["type"] = "Progressing",
                ["status"] = "False",
                ["reason"] = "ProgressDeadlineExceeded",
                ["message"] = "ReplicaSet has timed out progressing.",
            }) : [],
        };
        if (bad)
        {
            var (name, space) = (workload["metadata"]!["name"] + "-new", Space(workload));
            objects[$"{space}/pods/{name}"] = Pod(name, workload["spec"]!["template"]?["metadata"]?["labels"], new JsonObject
            {
                ["waiting"] = new JsonObject { ["reason"] = "ImagePullBackOff", ["message"] = "Back-off pulling image" },
            }, "Pending");
            objects[$"{space}/events/{name}"] = new JsonObject
            {
                ["metadata"] = new JsonObject { ["name"] = name },
                ["type"] = "Warning",
                ["reason"] = "Failed",
                ["message"] = "Failed to pull image: not found",
            };
        }
    }

    /// <summary>A job is over as soon as it is there.</summary>
    public static JsonObject Run(JsonObject job, IDictionary<string, JsonObject> objects, int? exitCode)
    {
        var name = $"{job["metadata"]!["name"]}-x";
        objects[$"{Space(job)}/pods/{name}"] = Pod(
            name, new JsonObject { ["job-name"] = job["metadata"]!["name"]!.DeepClone() },
            exitCode is null ? new JsonObject { ["waiting"] = new JsonObject { ["reason"] = "ContainerCreating" } } : new JsonObject { ["terminated"] = new JsonObject { ["exitCode"] = exitCode } },
            exitCode switch { null => "Pending", 0 => "Succeeded", _ => "Failed" });
        return job;
    }

    private static string Space(JsonObject body) => $"/api/v1/namespaces/{(string)body["metadata"]!["namespace"]!}";

    private static JsonObject Pod(string name, JsonNode? labels, JsonObject state, string phase) => new()
    {
        ["metadata"] = new JsonObject { ["name"] = name, ["labels"] = labels?.DeepClone() },
        ["status"] = new JsonObject
        {
            ["phase"] = phase,
            ["containerStatuses"] = new JsonArray(new JsonObject { ["name"] = "api", ["restartCount"] = 0, ["state"] = state }),
        },
    };
}
