using System.Globalization;
using System.Text.Json.Nodes;
using Provost.Runbooks.Targets.Kubernetes.Api;

namespace Provost.Runbooks.Targets.Kubernetes.Rollouts;

/// <summary>What is wrong with pods that do not get ready: their state, the events about them, their last words.</summary>
public sealed class PodTrouble(ApiConnection api, string space)
{
    private const int Lines = 20;
    private const int Events = 8;

    // Reasons that do not go away by waiting, unless somebody changes something.
    private static readonly HashSet<string> Lasting = new(StringComparer.Ordinal)
    {
        "ImagePullBackOff", "ErrImagePull", "InvalidImageName", "ErrImageNeverPull", "CrashLoopBackOff", "CreateContainerConfigError", "CreateContainerError", "RunContainerError",
    };

    /// <summary>Why a container of a component waits in a way that lasts; null when none does.</summary>
    public async Task<string?> LastingAsync(string component, CancellationToken cancellation)
    {
        foreach (var pod in await PodsAsync(component, cancellation))
        {
            foreach (var container in Containers(pod))
            {
                if (container["state"]?["waiting"] is { } waiting && Lasting.Contains((string?)waiting["reason"] ?? ""))
                {
                    return $"{NameOf(pod)}: {(string?)waiting["reason"]}: {(string?)waiting["message"]}";
                }
            }
        }
        return null;
    }

    /// <summary>Everything that helps, for people.</summary>
    public async Task<IReadOnlyList<string>> ExplainAsync(string component, CancellationToken cancellation)
    {
        List<string> lines = [];
        foreach (var pod in (await PodsAsync(component, cancellation)).Where(pod => !IsReady(pod)))
        {
            lines.AddRange(await DescribeAsync(pod, cancellation));
        }
        if (lines.Count == 0)
        {
            lines.AddRange(await EventsAsync(component, cancellation));
        }
        return lines;
    }

    /// <summary>A pod's state, its containers with their last lines, and the warnings about it.</summary>
    public async Task<IReadOnlyList<string>> DescribeAsync(JsonNode pod, CancellationToken cancellation)
    {
        List<string> lines = [$"pod {NameOf(pod)}: {(string?)pod["status"]?["phase"]}"];
        foreach (var container in Containers(pod))
        {
            lines.AddRange(Describe(container));
            lines.AddRange(await LogAsync(NameOf(pod), (string)container["name"]!, (int?)container["restartCount"] > 0, cancellation));
        }
        lines.AddRange(await EventsAsync(NameOf(pod), cancellation));
        return lines;
    }

    public static bool IsReady(JsonNode pod) =>
        (pod["status"]?["conditions"] as JsonArray ?? []).Any(c => (string?)c?["type"] == "Ready" && (string?)c["status"] == "True");

    public static IEnumerable<JsonObject> Containers(JsonNode pod) =>
        [.. (pod["status"]?["initContainerStatuses"] as JsonArray ?? []).Concat(pod["status"]?["containerStatuses"] as JsonArray ?? []).OfType<JsonObject>()];

    public Task<IReadOnlyList<JsonNode>> PodsAsync(string component, CancellationToken cancellation) => SelectAsync($"app.kubernetes.io/name={component}", cancellation);

    /// <summary>Pods with a label.</summary>
    public async Task<IReadOnlyList<JsonNode>> SelectAsync(string label, CancellationToken cancellation)
    {
        var answer = await api.GetAsync($"{ApiPath.Collection("v1", "Pod", space)}?labelSelector={Uri.EscapeDataString(label)}", cancellation);
        return [.. (answer["items"] as JsonArray ?? []).OfType<JsonNode>()];
    }

    private static string NameOf(JsonNode pod) => (string)pod["metadata"]!["name"]!;

    private static IEnumerable<string> Describe(JsonObject container)
    {
        var (name, state, last) = ((string?)container["name"], container["state"], container["lastState"]?["terminated"]);
        if (state?["waiting"] is { } waiting)
        {
            yield return $"  container {name} waits: {(string?)waiting["reason"]}: {(string?)waiting["message"]}";
        }
        if ((state?["terminated"] ?? last) is { } ended)
        {
            yield return $"  container {name} ended with code {ended["exitCode"]?.ToJsonString()}: {(string?)ended["reason"]} {(string?)ended["message"]}".TrimEnd();
        }
    }

    private async Task<IEnumerable<string>> LogAsync(string pod, string container, bool restarted, CancellationToken cancellation)
    {
        try
        {
            var query = string.Create(CultureInfo.InvariantCulture, $"container={container}&tailLines={Lines}{(restarted ? "&previous=true" : "")}");
            var text = await api.TextAsync($"{ApiPath.Collection("v1", "Pod", space)}/{pod}/log?{query}", cancellation);
            return text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => $"  | {line}");
        }
        catch (ApiRefusal)
        {
            // A container that never started has no log.
            return [];
        }
    }

    /// <summary>Warnings about an object.</summary>
    public async Task<IEnumerable<string>> EventsAsync(string about, CancellationToken cancellation)
    {
        var answer = await api.GetAsync($"{ApiPath.Collection("v1", "Event", space)}?fieldSelector={Uri.EscapeDataString($"involvedObject.name={about}")}", cancellation);
        return (answer["items"] as JsonArray ?? []).Where(e => (string?)e?["type"] == "Warning").TakeLast(Events)
            .Select(e => $"  event {(string?)e!["reason"]}: {(string?)e["message"]}");
    }
}
