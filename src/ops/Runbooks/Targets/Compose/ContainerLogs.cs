using System.Globalization;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Provost.Runbooks.Logs;
using Provost.Runbooks.Tools;

namespace Provost.Runbooks.Targets.Compose;

/// <summary>Reads what containers wrote, as the engine kept it.</summary>
internal sealed class ContainerLogs(IReadOnlyList<SiteContainer> containers, TimeProvider time)
{
    private const int ShownLines = 50;

    /// <summary>The end of a container's log, as it is shown beside an error.</summary>
    public static async Task<IReadOnlyList<string>> LastAsync(SiteContainer container, TimeProvider time, CancellationToken cancellation)
    {
        List<string> lines = [];
        await foreach (var line in new ContainerLogs([container], time).ReadAsync(new LogRequest([], null, ShownLines, Follow: false), cancellation))
        {
            lines.Add($"{line.Level} {line.Text}".Trim());
        }
        return lines;
    }

    public async IAsyncEnumerable<LogLine> ReadAsync(LogRequest request, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var chosen = Chosen(request.Services);
        var from = time.GetUtcNow();
        var past = await Task.WhenAll(chosen.Select(c => PastAsync(c, request, cancellation)));
        foreach (var line in past.SelectMany(l => l).OrderBy(l => l.At ?? DateTimeOffset.MinValue))
        {
            yield return line;
        }
        if (!request.Follow)
        {
            yield break;
        }
        await foreach (var line in FollowAsync(chosen, from, cancellation))
        {
            yield return line;
        }
    }

    private List<SiteContainer> Chosen(IReadOnlyList<string> wanted)
    {
        if (containers.Count == 0)
        {
            throw new OperationError(ErrorKind.NotRunning, "there are no logs yet", "start the installation with: provost up");
        }
        var chosen = containers.Where(c => wanted.Count == 0 || wanted.Contains(c.Replica.Id) || wanted.Contains(c.Replica.Service)).ToList();
        return chosen.Count > 0 ? chosen : throw new OperationError(
            ErrorKind.Refused, $"there is no service or replica {string.Join(", ", wanted)}",
            $"there are: {string.Join(", ", containers.Select(c => c.Replica.Service).Concat(containers.Select(c => c.Replica.Id)).Distinct())}");
    }

    private static async Task<List<LogLine>> PastAsync(SiteContainer container, LogRequest request, CancellationToken cancellation)
    {
        List<LogLine> lines = [];
        List<string> arguments = ["logs", "--timestamps"];
        if (request.Since is { } since)
        {
            arguments.AddRange(["--since", Stamp(since)]);
        }
        if (request.Tail is { } tail)
        {
            arguments.AddRange(["--tail", tail.ToString(CultureInfo.InvariantCulture)]);
        }
        await DockerEngine.RunAsync(new Command("docker", [.. arguments, container.Id]), $"the log of {container.Replica.Id} could not be read", line =>
        {
            lock (lines)
            {
                lines.Add(Parse(container.Replica.Id, line));
            }
        }, cancellation);
        return lines;
    }

    private static async IAsyncEnumerable<LogLine> FollowAsync(List<SiteContainer> chosen, DateTimeOffset from, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var lines = Channel.CreateUnbounded<LogLine>();
        Task following = Task.WhenAll(chosen.Select(c => Shell.RunAsync(
            new Command("docker", ["logs", "--timestamps", "--follow", "--since", Stamp(from), c.Id]), line => lines.Writer.TryWrite(Parse(c.Replica.Id, line)), cancellation)));
        _ = following.ContinueWith(_ => lines.Writer.TryComplete(), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        await foreach (var line in lines.Reader.ReadAllAsync(CancellationToken.None))
        {
            yield return line;
        }
        await following.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    // "2026-01-31T08:00:00.123456789Z what was written": the engine's stamp serves lines that have none of their own.
    private static LogLine Parse(string replica, string line)
    {
        var space = line.IndexOf(' ', StringComparison.Ordinal);
        var stamped = space > 0 && DateTimeOffset.TryParse(line.AsSpan(0, space), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at : (DateTimeOffset?)null;
        var parsed = LogLine.Parse(replica, stamped is null ? line : line[(space + 1)..]);
        return parsed with { At = stamped ?? parsed.At };
    }

    private static string Stamp(DateTimeOffset at) => at.ToUniversalTime().ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
}
