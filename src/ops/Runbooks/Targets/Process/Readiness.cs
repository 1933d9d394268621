using Provost.Runbooks.Logs;

namespace Provost.Runbooks.Targets.Process;

/// <summary>Waits until every replica is ready, and says exactly what is not when time is up.</summary>
internal sealed class Readiness(StateDirectory state, TimeProvider time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    public async Task WaitAsync(TimeSpan limit, Action<string> line, CancellationToken cancellation)
    {
        using var agent = new AgentClient(state.AgentSocket);
        var start = time.GetTimestamp();
        var said = "";
        AgentStatus? status = null;
        while (time.GetElapsedTime(start) < limit)
        {
            status = await agent.StatusAsync(cancellation);
            if (status is { Replicas.Count: > 0 } && status.Replicas.All(r => r.Ready))
            {
                line(Describe(status));
                return;
            }
            if (status?.Replicas.FirstOrDefault(r => r.CrashLoop) is { } looping)
            {
                throw NotReady(looping, $"{looping.Id} ends again and again shortly after its start");
            }
            if (status is not null && Describe(status) is var now && now != said)
            {
                line(said = now);
            }
            await Task.Delay(Interval, time, cancellation);
        }
        var missing = status?.Replicas.FirstOrDefault(r => !r.Ready && r.Phase != Phase.Waiting) ?? status?.Replicas.FirstOrDefault(r => !r.Ready);
        throw missing is not null
            ? NotReady(missing, $"{missing.Id} is not ready after {limit.TotalSeconds:0} s")
            : new OperationError(ErrorKind.NotRunning, "the agent does not answer", "run provost up again", LogExcerpt.Of(state.AgentLog));
    }

    private OperationError NotReady(ReplicaStatus replica, string what) => new(
        ErrorKind.NotReady, $"{what}; last answer: {replica.Problem ?? "none"}",
        $"read the end of its log above (all of it: provost logs {replica.Service}); provost doctor checks the machine",
        LogExcerpt.Of(state.LogFile(replica.Id)));

    private static string Describe(AgentStatus status) => string.Join(
        "  ", status.Replicas.GroupBy(r => r.Service).Select(g => $"{g.Key} {g.Count(r => r.Ready)}/{g.Count()}"));
}
