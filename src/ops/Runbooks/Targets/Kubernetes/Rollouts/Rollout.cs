using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Provost.Rendering.Kubernetes.Manifests;
using Provost.Runbooks.Targets.Kubernetes.Api;

namespace Provost.Runbooks.Targets.Kubernetes.Rollouts;

/// <summary>A rollout that will not end by itself.</summary>
public sealed class RolloutStalled(WorkloadState workload, string reason) : Exception($"{workload.Name} does not get ready: {reason}")
{
    public WorkloadState Workload => workload;
}

/// <summary>Watches workloads until all of them run what was applied, and says what it sees. A watch that breaks is begun again.</summary>
public sealed class Rollout(ApiConnection api, string space, TimeProvider time, Action<string> say)
{
    // A container in such a state for this long is not only pulling slowly.
    private static readonly TimeSpan LastingFor = TimeSpan.FromSeconds(40);
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(5);

    private static readonly string[] Kinds = ["Deployment", "StatefulSet"];

    private readonly ConcurrentDictionary<string, WorkloadState> states = new();
    private readonly Channel<bool> changes = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly Dictionary<string, long> troubled = [];
    private IReadOnlySet<string>? before;

    /// <summary>Remembers what is said of workloads already, before anything is applied.</summary>
    public async Task NoteBeforeAsync(CancellationToken cancellation)
    {
        HashSet<string> conditions = [];
        foreach (var kind in Kinds)
        {
            var list = await ApiRetry.AskAsync(() => api.GetAsync(ApiPath.Collection("apps/v1", kind, space), cancellation), time, cancellation);
            conditions.UnionWith((list["items"] as JsonArray ?? []).OfType<JsonObject>().SelectMany(WorkloadState.Conditions));
        }
        before = conditions;
    }

    /// <exception cref="RolloutStalled">One of them will not get ready.</exception>
    public async Task WatchAsync(IReadOnlyList<Manifest> manifests, CancellationToken cancellation)
    {
        var wanted = manifests.Where(m => Kinds.Contains(m.Kind)).ToList();
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var watches = Task.WhenAll(Kinds.Select(kind => WatchKindAsync(kind, ended.Token)));
        try
        {
            await UntilDoneAsync(wanted, cancellation);
        }
        finally
        {
            await ended.CancelAsync();
            await watches;
        }
    }

    private async Task UntilDoneAsync(List<Manifest> wanted, CancellationToken cancellation)
    {
        var (start, said) = (time.GetTimestamp(), new Dictionary<string, string>());
        while (true)
        {
            var known = wanted.Select(m => states.GetValueOrDefault(Key(m.Kind, m.Name))).ToList();
            foreach (var state in known.OfType<WorkloadState>().Where(state => said.GetValueOrDefault(state.Name) != state.ToString()))
            {
                said[state.Name] = state.ToString();
                say(state.ToString());
            }
            if (known.All(state => state is { IsDone: true }))
            {
                return;
            }
            if (known.OfType<WorkloadState>().FirstOrDefault(state => state.Problem is not null) is { } failed)
            {
                throw new RolloutStalled(failed, failed.Problem!);
            }
            await RequireNoLastingTroubleAsync(known.OfType<WorkloadState>().Where(state => !state.IsDone), cancellation);
            RequireInTime(wanted, time.GetElapsedTime(start));
            await NextAsync(cancellation);
        }
    }

    // Each by its own measure: a store of three members takes their time one after the other.
    private void RequireInTime(List<Manifest> wanted, TimeSpan elapsed)
    {
        foreach (var manifest in wanted)
        {
            var state = states.GetValueOrDefault(Key(manifest.Kind, manifest.Name));
            if (state is not { IsDone: true } && RolloutLimit.Of(manifest, state?.Wanted ?? 1) is var limit && elapsed > limit)
            {
                throw new RolloutStalled(state ?? WorkloadState.Of(manifest.Kind, manifest.Body), $"not within {limit.TotalSeconds:0} s");
            }
        }
    }

    private async Task RequireNoLastingTroubleAsync(IEnumerable<WorkloadState> unfinished, CancellationToken cancellation)
    {
        foreach (var state in unfinished)
        {
            string? trouble;
            try
            {
                trouble = state.Trouble ?? await new PodTrouble(api, space).LastingAsync(state.Name, cancellation);
            }
            catch (Exception e) when (ApiRetry.MayPass(e))
            {
                // A look that failed says nothing about the pods: the next one does.
                continue;
            }
            if (trouble is null)
            {
                troubled.Remove(state.Name);
            }
            else if (!troubled.TryAdd(state.Name, time.GetTimestamp()) && time.GetElapsedTime(troubled[state.Name]) > LastingFor)
            {
                throw new RolloutStalled(state, trouble);
            }
        }
    }

    // An event, or after a moment a look at what has no events here: the pods and the clock.
    private async Task NextAsync(CancellationToken cancellation)
    {
        using var pause = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var look = Task.Delay(Look, time, pause.Token);
        await Task.WhenAny(look, changes.Reader.WaitToReadAsync(pause.Token).AsTask());
        await pause.CancelAsync();
        cancellation.ThrowIfCancellationRequested();
        _ = changes.Reader.TryRead(out _);
    }

    private async Task WatchKindAsync(string kind, CancellationToken cancellation)
    {
        var collection = ApiPath.Collection("apps/v1", kind, space);
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                var list = await api.GetAsync(collection, cancellation);
                foreach (var item in (list["items"] as JsonArray ?? []).OfType<JsonObject>())
                {
                    Note(kind, item);
                }
                var version = Uri.EscapeDataString((string?)list["metadata"]?["resourceVersion"] ?? "0");
                await foreach (var line in api.LinesAsync($"{collection}?watch=1&resourceVersion={version}&timeoutSeconds=120", cancellation))
                {
                    Note(kind, line);
                }
                await Task.Delay(TimeSpan.FromMilliseconds(200), time, cancellation);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (Exception e) when (e is ApiRefusal or OperationError or HttpRequestException or IOException)
            {
                say($"the watch broke off and is begun again: {e.Message}");
                await Task.Delay(TimeSpan.FromSeconds(1), time, CancellationToken.None);
            }
        }
    }

    private void Note(string kind, string line)
    {
        try
        {
            var change = JsonNode.Parse(line);
            if ((string?)change?["type"] is "ADDED" or "MODIFIED" && change!["object"] is JsonObject workload)
            {
                Note(kind, workload);
            }
        }
        catch (JsonException)
        {
            // Half a line: the connection broke in the middle of it, and the list comes anew.
        }
    }

    private void Note(string kind, JsonObject workload)
    {
        var state = WorkloadState.Of(kind, workload, before);
        states[Key(kind, state.Name)] = state;
        changes.Writer.TryWrite(true);
    }

    private static string Key(string kind, string name) => $"{kind}/{name}";
}
