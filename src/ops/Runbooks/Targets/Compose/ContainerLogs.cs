using System.Globalization;
using System.Runtime.CompilerServices;
using Provost.Runbooks.Logs;
using Provost.Runbooks.Tools;

namespace Provost.Runbooks.Targets.Compose;

/// <summary>Reads what containers wrote, as the engine kept it.</summary>
/// <param name="list">All containers of the site, now.</param>
internal sealed class ContainerLogs(DockerEngine engine, Func<CancellationToken, Task<IReadOnlyList<SiteContainer>>> list, TimeProvider time)
{
    private const int ShownLines = 50;

    /// <summary>The end of a container's log, as it is shown beside an error.</summary>
    public static async Task<IReadOnlyList<string>> LastAsync(SiteContainer container, TimeProvider time, CancellationToken cancellation)
    {
        List<string> lines = [];
        await foreach (var line in new ContainerLogs(new DockerEngine(), _ => Task.FromResult<IReadOnlyList<SiteContainer>>([container]), time).ReadAsync(new LogRequest([], null, ShownLines, Follow: false), cancellation))
        {
            lines.Add($"{line.Level} {line.Text}".Trim());
        }
        return lines;
    }

    public async IAsyncEnumerable<LogLine> ReadAsync(LogRequest request, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var chosen = Chosen(await list(cancellation), request.Services);
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
        await foreach (var line in new LogFollower(engine, list, c => IsWanted(c, request.Services), time).RunAsync(from, cancellation))
        {
            yield return line;
        }
    }

    private static bool IsWanted(SiteContainer container, IReadOnlyList<string> wanted) => wanted.Count == 0 || wanted.Contains(container.Replica.Id) || wanted.Contains(container.Replica.Service);

    private static List<SiteContainer> Chosen(IReadOnlyList<SiteContainer> containers, IReadOnlyList<string> wanted)
    {
        if (containers.Count == 0)
        {
            throw new OperationError(ErrorKind.NotRunning, "there are no logs yet", "start the installation with: provost up");
        }
        var chosen = containers.Where(c => IsWanted(c, wanted)).ToList();
        return chosen.Count > 0 ? chosen : throw new OperationError(
            ErrorKind.Refused, $"there is no service or replica {string.Join(", ", wanted)}",
            $"there are: {string.Join(", ", containers.Select(c => c.Replica.Service).Concat(containers.Select(c => c.Replica.Id)).Distinct())}");
    }

    private async Task<List<LogLine>> PastAsync(SiteContainer container, LogRequest request, CancellationToken cancellation)
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
        var (exit, said) = await engine.FollowAsync([.. arguments, container.Id], line =>
        {
            lock (lines)
            {
                lines.Add(Parse(container.Replica.Id, line));
            }
        }, cancellation);
        return exit == 0 ? lines : throw DockerFailure.Of($"the log of {container.Replica.Id} could not be read", said);
    }

    // "2026-01-31T08:00:00.123456789Z what was written": the engine's stamp serves lines that have none of their own.
    internal static LogLine Parse(string replica, string line)
    {
        var space = line.IndexOf(' ', StringComparison.Ordinal);
        var stamped = space > 0 && DateTimeOffset.TryParse(line.AsSpan(0, space), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at : (DateTimeOffset?)null;
        var parsed = LogLine.Parse(replica, stamped is null ? line : line[(space + 1)..]);
        return parsed with { At = stamped ?? parsed.At };
    }

    internal static string Stamp(DateTimeOffset at) => at.ToUniversalTime().ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
}
