using Provost.Runbooks.Targets.Process;

namespace Provost.Runbooks.Targets.Compose;

/// <summary>Waits until every container is healthy, and says exactly what is not when time is up.</summary>
internal sealed class ComposeReadiness(ComposeContainers containers, TimeProvider time)
{
    private const int CrashesTaken = 3;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <param name="service">Only this one; null for all.</param>
    public async Task WaitAsync(TimeSpan limit, Action<string> line, CancellationToken cancellation, string? service = null)
    {
        var start = time.GetTimestamp();
        var said = "";
        while (true)
        {
            var now = (await containers.ReadAsync(cancellation)).Where(c => service is null || c.Service == service).ToList();
            var description = string.Join("  ", now.GroupBy(c => c.Replica.Service).Select(g => $"{g.Key} {g.Count(c => c.Replica.Ready)}/{g.Count()}"));
            if (description != said)
            {
                line(said = description);
            }
            if (now.Count > 0 && now.All(c => c.Replica.Ready))
            {
                return;
            }
            if (now.FirstOrDefault(c => c.Replica is { Phase: Phase.BackingOff, Restarts: >= CrashesTaken }) is { } looping)
            {
                throw await NotReadyAsync(looping, $"{looping.Replica.Id} ends again and again shortly after its start", cancellation);
            }
            if (time.GetElapsedTime(start) > limit)
            {
                throw now.FirstOrDefault(c => !c.Replica.Ready && c.Replica.Phase != Phase.Waiting) is { } missing
                    ? await NotReadyAsync(missing, $"{missing.Replica.Id} is not ready after {limit.TotalSeconds:0} s", cancellation)
                    : new OperationError(ErrorKind.NotReady, "no container was started", "docker compose ps --all shows why");
            }
            await Task.Delay(Interval, time, cancellation);
        }
    }

    private async Task<OperationError> NotReadyAsync(SiteContainer container, string what, CancellationToken cancellation)
    {
        return new OperationError(
            ErrorKind.NotReady, $"{what}; last answer: {container.LastAnswer ?? container.Replica.Problem ?? "none"}",
            $"read the end of its log above (all of it: provost logs {container.Replica.Service}); provost doctor checks the machine",
            await ContainerLogs.LastAsync(container, time, cancellation));
    }
}
