using System.Collections.Concurrent;
using Provost.Rendering.Process;
using Provost.Runbooks.Logs;
using Provost.Runbooks.Targets.Process;

namespace Provost.Runbooks.Deploy;

/// <summary>Waits until replicas that come are ready. One end is enough: a release that does not stay up at its start is not one to switch to.</summary>
/// <param name="ensureAgent">Starts the agent when none answers.</param>
internal sealed class ReplicaStarts(AgentClient agent, StateDirectory state, Func<CancellationToken, Task<bool>> ensureAgent, TimeProvider time)
{
    private const int SilencesBorne = 1;
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    /// <param name="apply">Makes the agent start them.</param>
    public async Task RunAsync(IReadOnlyList<ReplicaSpec> added, Func<Task> apply, TimeSpan limit, CancellationToken cancellation)
    {
        ConcurrentDictionary<string, string> ends = new();
        await using var watch = AgentWatch.Start(agent, happened =>
        {
            if (happened.Kind is "ended" or "hung")
            {
                ends[happened.Replica] = happened.Message;
            }
        }, time, cancellation);
        await apply();
        await WaitReadyAsync(added, limit, ends, cancellation);
    }

    private async Task WaitReadyAsync(IReadOnlyList<ReplicaSpec> added, TimeSpan limit, ConcurrentDictionary<string, string> ends, CancellationToken cancellation)
    {
        var start = time.GetTimestamp();
        var silences = 0;
        while (true)
        {
            if (await agent.StatusAsync(cancellation) is { } status)
            {
                if (Missing(added, status) is not { } missing)
                {
                    return;
                }
                MustBeInTime(missing, time.GetElapsedTime(start) > limit ? limit : null);
            }
            else if (silences++ < SilencesBorne)
            {
                // Its successor adopts what it had started.
                await ensureAgent(cancellation);
            }
            else
            {
                throw new OperationError(ErrorKind.Failed, "the agent does not answer any more", $"its log may say why: {state.AgentLog}");
            }
            if (added.FirstOrDefault(a => ends.ContainsKey(a.Id)) is { } ended)
            {
                throw NotReady(ended, $"{ended.Id} ended at its start: {ends[ended.Id]}");
            }
            await Task.Delay(Interval, time, cancellation);
        }
    }

    /// <summary>The first that is not ready, with its last answer; null when all are. One that the agent does not know yet is not.</summary>
    internal static (ReplicaSpec Replica, string? Problem)? Missing(IReadOnlyList<ReplicaSpec> added, AgentStatus status)
    {
        foreach (var replica in added)
        {
            var known = status.Replicas.FirstOrDefault(r => r.Id == replica.Id);
            if (known?.Ready != true)
            {
                return (replica, known is null ? "the agent has not started it" : known.Problem);
            }
        }
        return null;
    }

    private static void MustBeInTime((ReplicaSpec Replica, string? Problem) missing, TimeSpan? over)
    {
        if (over is { } limit)
        {
            throw NotReady(missing.Replica, $"{missing.Replica.Id} did not get ready within {limit.TotalSeconds:0} s; last answer: {missing.Problem ?? "none"}");
        }
    }

    private static OperationError NotReady(ReplicaSpec replica, string what) => new(
        ErrorKind.NotReady, what, $"correct what its last log lines say, then deploy again (all of them: provost logs {replica.Service})", LogExcerpt.Of(replica.LogFile));
}
