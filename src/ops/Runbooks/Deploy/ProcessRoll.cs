using Provost.Rendering.Process;
using Provost.Runbooks.Logs;
using Provost.Runbooks.Targets.Process;
using Provost.Runbooks.Tools;
using Provost.Topology.Environments;

namespace Provost.Runbooks.Deploy;

/// <summary>
/// Moves a site of plain processes between two specifications whose replicas have different names. At each moment the
/// specification on the disk says what shall run: whoever goes on after an accident needs nothing else.
/// </summary>
internal sealed class ProcessRoll(StateDirectory state, SiteSpec old, SiteSpec next, TimeProvider time, string tool) : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    private readonly AgentClient agent = new(state.AgentSocket);
    private readonly GatewayClient gateways = new();

    /// <summary>Starts new api and web replicas beside the old ones and waits until they are ready.</summary>
    public async Task StartBesideAsync(IReadOnlyDictionary<string, string> files, TimeSpan limit, CancellationToken cancellation)
    {
        StateWriter.Write(state, Union(r => r.Service is Replicas.Api or Replicas.Web), files);
        await StartAsync(Added(Replicas.Api, Replicas.Web), limit, cancellation);
    }

    /// <summary>Starts the stores anew, one after the other; connections to them wait meanwhile.</summary>
    public async Task RenewStoresAsync(IReadOnlyDictionary<string, string> files, TimeSpan limit, CancellationToken cancellation)
    {
        var stores = next.Replicas.Where(SiteRendering.IsStore).ToDictionary(r => r.Id);
        StateWriter.Write(state, old with { Replicas = [.. old.Replicas.Select(r => stores.GetValueOrDefault(r.Id, r))] }, files);
        await ApplyAsync(cancellation);
        await new Readiness(state, time).WaitAsync(limit, _ => { }, cancellation);
    }

    public async Task StartGatewaysAsync(TimeSpan limit, CancellationToken cancellation)
    {
        StateWriter.Write(state, Union(_ => true), new Dictionary<string, string>());
        await StartAsync(Added(Replicas.Gateway), limit, cancellation);
    }

    /// <summary>Returns when every gateway sends new requests to the new replicas only.</summary>
    public Task SwitchAsync(CancellationToken cancellation) => gateways.SetAsync(GatewayClient.In(old), Destinations.Of(next), cancellation);

    /// <summary>Live connections through the old gateways: each of them is told to reconnect.</summary>
    public async Task<int> LiveSessionsAsync(CancellationToken cancellation) =>
        (await Task.WhenAll(GatewayClient.In(old).Select(g => gateways.ReportAsync(g, cancellation)))).Sum(r => r?.WebSockets ?? 0);

    /// <summary>Stops the old replicas: each finishes what it has, tells its live sessions to reconnect, ends.</summary>
    public async Task StopOldAsync(bool drain, CancellationToken cancellation)
    {
        StateWriter.Write(state, next, new Dictionary<string, string>());
        if (!drain)
        {
            var status = await agent.StatusAsync(cancellation);
            foreach (var pid in (status?.Replicas ?? []).Where(r => next.Replicas.All(n => n.Id != r.Id)).Select(r => r.Pid).OfType<int>())
            {
                _ = Native.SendSignal(pid, Native.Kill);
            }
        }
        await ApplyAsync(cancellation);
    }

    /// <summary>Back to the old replicas, which never stopped; what was begun is taken back. Gives what that was, in words.</summary>
    public async Task<IReadOnlyList<string>> ReturnAsync(TimeSpan limit, CancellationToken cancellation)
    {
        List<string> undone = [];
        if (await EnsureAgentAsync(cancellation))
        {
            undone.Add("the agent was started again; it adopted what ran");
        }
        var living = GatewayClient.In(old).Concat(Added(Replicas.Gateway)).ToList();
        foreach (var gateway in living)
        {
            if (await gateways.ReportAsync(gateway, cancellation) is not null)
            {
                await gateways.SetAsync([gateway], Destinations.Of(old), cancellation);
            }
        }
        undone.Add("the gateways send everything to the old replicas");
        StateWriter.Write(state, old, new Dictionary<string, string>());
        await ApplyAsync(cancellation);
        undone.Add($"the replicas of {next.Release} were drained and stopped");
        await new Readiness(state, time).WaitAsync(limit, _ => { }, cancellation);
        undone.Add($"all replicas of {old.Release} are ready");
        return undone;
    }

    /// <summary>Starts the agent when none answers; whether that was so.</summary>
    public async Task<bool> EnsureAgentAsync(CancellationToken cancellation)
    {
        if (await agent.StatusAsync(cancellation) is not null)
        {
            return false;
        }
        await AgentStarter.StartAsync(state, tool, time, cancellation);
        return true;
    }

    public void Dispose()
    {
        agent.Dispose();
        gateways.Dispose();
    }

    private IReadOnlyList<ReplicaSpec> Added(params string[] services) =>
        [.. next.Replicas.Where(r => services.Contains(r.Service) && old.Replicas.All(o => o.Id != r.Id))];

    // Only the sockets of those who serve them: a connection to another would wait for nobody.
    private SiteSpec Union(Func<ReplicaSpec, bool> wanted)
    {
        var added = next.Replicas.Where(r => old.Replicas.All(o => o.Id != r.Id) && wanted(r)).ToList();
        return old with
        {
            Digest = next.Digest,
            Replicas = [.. next.Replicas.Where(SiteRendering.IsStore), .. old.Replicas.Where(r => !SiteRendering.IsStore(r)), .. added],
            Sockets = [.. old.Sockets.UnionBy(next.Sockets.Where(s => added.Exists(r => r.Sockets.Contains(s.Name))), s => s.Name)],
        };
    }

    private async Task StartAsync(IReadOnlyList<ReplicaSpec> added, TimeSpan limit, CancellationToken cancellation)
    {
        using var watching = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Dictionary<string, string> ends = [];
        var watch = NoteEndsAsync(ends, watching.Token);
        try
        {
            await ApplyAsync(cancellation);
            await WaitReadyAsync(added, limit, ends, cancellation);
        }
        finally
        {
            await watching.CancelAsync();
            await watch.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task NoteEndsAsync(Dictionary<string, string> ends, CancellationToken cancellation)
    {
        await foreach (var happened in agent.EventsAsync(cancellation))
        {
            if (happened.Kind is "ended" or "hung")
            {
                lock (ends)
                {
                    ends[happened.Replica] = happened.Message;
                }
            }
        }
    }

    // One end is enough: a release that does not stay up at its start is not one to switch to.
    private async Task WaitReadyAsync(IReadOnlyList<ReplicaSpec> added, TimeSpan limit, Dictionary<string, string> ends, CancellationToken cancellation)
    {
        var start = time.GetTimestamp();
        while (true)
        {
            var status = await agent.StatusAsync(cancellation) ?? throw new OperationError(ErrorKind.Failed, "the agent ended", $"its log may say why: {state.AgentLog}");
            var mine = status.Replicas.Where(r => added.Any(a => a.Id == r.Id)).ToList();
            lock (ends)
            {
                if (added.FirstOrDefault(a => ends.ContainsKey(a.Id)) is { } ended)
                {
                    throw NotReady(ended, $"{ended.Id} ended at its start: {ends[ended.Id]}");
                }
            }
            if (mine.Count == added.Count && mine.TrueForAll(r => r.Ready))
            {
                return;
            }
            if (time.GetElapsedTime(start) > limit)
            {
                var missing = mine.First(r => !r.Ready);
                throw NotReady(added.First(a => a.Id == missing.Id), $"{missing.Id} did not get ready within {limit.TotalSeconds:0} s; last answer: {missing.Problem ?? "none"}");
            }
            await Task.Delay(Interval, time, cancellation);
        }
    }

    private static OperationError NotReady(ReplicaSpec replica, string what) => new(
        ErrorKind.NotReady, what, $"correct what its last log lines say, then deploy again (all of them: provost logs {replica.Service})", LogExcerpt.Of(replica.LogFile));

    private async Task ApplyAsync(CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            var answer = await agent.ApplyAsync(cancellation);
            if (answer.Done)
            {
                return;
            }
            // Killed in the middle of it: what is to run stands on the disk, so its successor goes on from there.
            if (attempt > 1 || !await EnsureAgentAsync(cancellation))
            {
                throw new OperationError(ErrorKind.Failed, $"the agent could not apply the specification: {answer.Problem}", $"its log may say more: {state.AgentLog}");
            }
        }
    }
}
