using Provost.Runbooks.Targets.Process;
using Provost.Runbooks.Tools;

namespace Provost.Runbooks.Targets.Compose;

/// <summary>
/// Waits for containers that were just started, by asking each itself what its healthcheck asks: the engine would take its time. One
/// end is enough: a release that does not stay up at its start is not one to switch to.
/// </summary>
internal sealed class ContainerStarts(DockerEngine engine, ComposeContainers containers, TimeProvider time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    /// <param name="services">Compose's names of them.</param>
    /// <returns>The containers, ready.</returns>
    public async Task<IReadOnlyList<SiteContainer>> WaitAsync(IReadOnlyCollection<string> services, TimeSpan limit, CancellationToken cancellation)
    {
        var start = time.GetTimestamp();
        HashSet<string> ready = [];
        Dictionary<string, string> answers = [];
        while (true)
        {
            var mine = (await containers.ReadAsync(cancellation)).Where(c => services.Contains(c.Service)).ToList();
            if (mine.FirstOrDefault(HasEnded) is { } ended)
            {
                throw await NotReadyAsync(ended, $"{ended.Replica.Id} ended at its start: {Why(ended)}", cancellation);
            }
            foreach (var container in mine.Where(c => c.Replica.Phase is Phase.Starting or Phase.Running && !ready.Contains(c.Id)))
            {
                var (exit, lines) = await engine.TryAsync(["exec", container.Id, .. container.Healthcheck], cancellation);
                answers[container.Id] = lines is [.., var last] ? last : "none";
                if (exit == 0)
                {
                    ready.Add(container.Id);
                }
            }
            if (mine.Count == services.Count && mine.TrueForAll(c => ready.Contains(c.Id)))
            {
                return mine;
            }
            if (time.GetElapsedTime(start) > limit)
            {
                var missing = mine.FirstOrDefault(c => !ready.Contains(c.Id)) ?? throw new OperationError(ErrorKind.NotReady, $"{string.Join(", ", services)} did not start", "docker compose ps --all shows why");
                throw await NotReadyAsync(missing, $"{missing.Replica.Id} did not get ready within {limit.TotalSeconds:0} s; last answer: {answers.GetValueOrDefault(missing.Id, "none")}", cancellation);
            }
            await Task.Delay(Interval, time, cancellation);
        }
    }

    private static bool HasEnded(SiteContainer container) => container.Replica.Restarts > 0 || container.Replica.Phase is Phase.BackingOff or Phase.Stopped;

    // Once the engine has started it anew, its state says nothing of its end.
    private static string Why(SiteContainer container) =>
        container.Replica.Phase is Phase.BackingOff or Phase.Stopped && container.Replica.Problem is { } problem ? problem : "its process ended, and the engine started it anew";

    private async Task<OperationError> NotReadyAsync(SiteContainer container, string what, CancellationToken cancellation) => new(
        ErrorKind.NotReady, what, $"correct what its last log lines say, then deploy again (all of them: provost logs {container.Replica.Service})",
        await ContainerLogs.LastAsync(container, time, cancellation));
}
