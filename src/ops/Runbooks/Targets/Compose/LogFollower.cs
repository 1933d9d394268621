using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Provost.Runbooks.Logs;
using Provost.Runbooks.Tools;

namespace Provost.Runbooks.Targets.Compose;

/// <summary>
/// Follows the logs of containers that end, start again and give way to others: the engine's own following ends with the container.
/// Whoever starts again is followed from the last line on, whoever is new from the beginning of the following.
/// </summary>
internal sealed class LogFollower(DockerEngine engine, Func<CancellationToken, Task<IReadOnlyList<SiteContainer>>> list, Func<SiteContainer, bool> isWanted, TimeProvider time)
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);
    private readonly Channel<LogLine> lines = Channel.CreateUnbounded<LogLine>();
    private readonly Dictionary<string, Task<string>> followed = [];

    public async IAsyncEnumerable<LogLine> RunAsync(DateTimeOffset from, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var watching = WatchAsync(ContainerLogs.Stamp(from), cancellation);
        await foreach (var line in lines.Reader.ReadAllAsync(CancellationToken.None))
        {
            yield return line;
        }
        await watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task WatchAsync(string from, CancellationToken cancellation)
    {
        Exception? failure = null;
        try
        {
            while (true)
            {
                foreach (var container in (await list(cancellation)).Where(isWanted))
                {
                    await AttachAsync(container, from, cancellation);
                }
                await Task.Delay(Look, time, cancellation);
            }
        }
        catch (OperationCanceledException)
        {
            // The reader has seen enough.
        }
        catch (OperationError e)
        {
            failure = e;
        }
        await ((Task)Task.WhenAll(followed.Values)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        lines.Writer.TryComplete(failure);
    }

    private async Task AttachAsync(SiteContainer container, string from, CancellationToken cancellation)
    {
        if (!followed.TryGetValue(container.Id, out var following))
        {
            followed[container.Id] = FollowAsync(container, from, isAgain: false, cancellation);
        }
        else if (following.IsCompleted && container.Replica.Pid is not null)
        {
            followed[container.Id] = FollowAsync(container, await following, isAgain: true, cancellation);
        }
    }

    /// <returns>The engine's stamp of the last line.</returns>
    private async Task<string> FollowAsync(SiteContainer container, string since, bool isAgain, CancellationToken cancellation)
    {
        var last = since;
        await engine.FollowAsync(["logs", "--timestamps", "--follow", "--since", since, container.Id], line =>
        {
            // The engine's stamps have one width: their order is that of their letters. Its --since means from that moment on.
            var stamp = line[..Math.Max(0, line.IndexOf(' ', StringComparison.Ordinal))];
            if (isAgain && string.CompareOrdinal(stamp, since) <= 0)
            {
                return;
            }
            last = string.CompareOrdinal(stamp, last) > 0 ? stamp : last;
            lines.Writer.TryWrite(ContainerLogs.Parse(container.Replica.Id, line));
        }, cancellation);
        return last;
    }
}
