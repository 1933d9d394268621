using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Provost.Runbooks.Logs;
using Provost.Runbooks.Targets.Kubernetes.Api;

namespace Provost.Runbooks.Targets.Kubernetes;

/// <summary>What the pods of a site wrote. While following, pods that come later are followed too.</summary>
public sealed class ClusterLogs(ApiConnection api, string space, string installation, TimeProvider time)
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(3);

    public async IAsyncEnumerable<(string Pod, string Text)> ReadAsync(LogRequest request, [EnumeratorCancellation] CancellationToken cancellation)
    {
        if (!request.Follow)
        {
            foreach (var (pod, container) in await ContainersAsync(request.Services, cancellation))
            {
                await foreach (var line in LinesAsync(pod, container, request, follow: false, cancellation))
                {
                    yield return (pod, line);
                }
            }
            yield break;
        }
        var lines = Channel.CreateUnbounded<(string, string)>();
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var following = FollowAsync(request, lines.Writer, ended.Token);
        await foreach (var line in lines.Reader.ReadAllAsync(cancellation))
        {
            yield return line;
        }
        await following;
    }

    private async Task FollowAsync(LogRequest request, ChannelWriter<(string, string)> lines, CancellationToken cancellation)
    {
        var followed = new Dictionary<(string, string), Task>();
        try
        {
            while (true)
            {
                foreach (var key in await ContainersAsync(request.Services, cancellation))
                {
                    if (!followed.TryGetValue(key, out var task) || task.IsFaulted)
                    {
                        followed[key] = PassOnAsync(key.Pod, key.Container, request, lines, cancellation);
                    }
                }
                await Task.Delay(Look, time, cancellation);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ApiRefusal or OperationError)
        {
            lines.TryComplete(e is OperationCanceledException ? null : e);
        }
    }

    private async Task PassOnAsync(string pod, string container, LogRequest request, ChannelWriter<(string, string)> lines, CancellationToken cancellation)
    {
        await foreach (var line in LinesAsync(pod, container, request, follow: true, cancellation))
        {
            lines.TryWrite((pod, line));
        }
    }

    private async IAsyncEnumerable<string> LinesAsync(string pod, string container, LogRequest request, bool follow, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var query = $"container={container}{(follow ? "&follow=true" : "")}{Tail(request)}{Since(request)}";
        await foreach (var line in api.LinesAsync($"{ApiPath.Collection("v1", "Pod", space)}/{pod}/log?{query}", cancellation))
        {
            yield return line;
        }
    }

    private static string Tail(LogRequest request) => request.Tail is { } lines ? string.Create(CultureInfo.InvariantCulture, $"&tailLines={lines}") : "";

    private static string Since(LogRequest request) => request.Since is { } since ? $"&sinceTime={Uri.EscapeDataString(since.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture))}" : "";

    private async Task<List<(string Pod, string Container)>> ContainersAsync(IReadOnlyList<string> services, CancellationToken cancellation)
    {
        var selector = Uri.EscapeDataString($"app.kubernetes.io/instance={installation}");
        var answer = await api.GetAsync($"{ApiPath.Collection("v1", "Pod", space)}?labelSelector={selector}", cancellation);
        return [.. (answer["items"] as JsonArray ?? []).OfType<JsonNode>()
            .Where(pod => services.Count == 0 || services.Contains((string?)pod["metadata"]!["labels"]?["app.kubernetes.io/name"]) || services.Contains((string)pod["metadata"]!["name"]!))
            .SelectMany(pod => Rollouts.PodTrouble.Containers(pod).Where(HasStarted).Select(c => ((string)pod["metadata"]!["name"]!, (string)c["name"]!)))];
    }

    private static bool HasStarted(JsonObject container) => container["state"]?["waiting"] is null || (int?)container["restartCount"] > 0;
}
