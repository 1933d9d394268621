using System.Runtime.CompilerServices;
using System.Text;
using Provost.Runbooks.Targets.Process;

namespace Provost.Runbooks.Logs;

/// <param name="Services">Services or replicas; empty for all.</param>
/// <param name="Since">Only lines from then on.</param>
/// <param name="Tail">Only the last lines of each replica.</param>
public sealed record LogRequest(IReadOnlyList<string> Services, DateTimeOffset? Since, int? Tail, bool Follow);

/// <summary>Reads the logs of replicas, what was set aside included, and follows them through rotation.</summary>
public sealed class LogReader(StateDirectory state, TimeProvider time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    public async IAsyncEnumerable<LogLine> ReadAsync(LogRequest request, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var replicas = Chosen(request.Services);
        var followed = replicas.ToDictionary(r => r, r => new Follower(state.LogFile(r)));
        try
        {
            // The position to follow from is taken before the past is read: a line may then show twice, never not at all.
            foreach (var line in Past(replicas, request))
            {
                yield return line;
            }
            while (request.Follow && !cancellation.IsCancellationRequested)
            {
                foreach (var (replica, follower) in followed)
                {
                    foreach (var text in follower.Next())
                    {
                        yield return LogLine.Parse(replica, text);
                    }
                }
                try
                {
                    await Task.Delay(Interval, time, cancellation);
                }
                catch (OperationCanceledException)
                {
                    yield break;
                }
            }
        }
        finally
        {
            foreach (var follower in followed.Values)
            {
                follower.Dispose();
            }
        }
    }

    private List<string> Chosen(IReadOnlyList<string> wanted)
    {
        var all = Directory.Exists(state.Logs)
            ? Directory.EnumerateFiles(state.Logs, "*.log").Select(f => Path.GetFileNameWithoutExtension(f)).Order(StringComparer.Ordinal).ToList()
            : [];
        if (all.Count == 0)
        {
            throw new OperationError(ErrorKind.NotRunning, "there are no logs yet", "start the installation with: provost up");
        }
        var chosen = wanted.Count == 0 ? all : all.Where(r => wanted.Any(w => r == w || Service(r) == w)).ToList();
        return chosen.Count > 0 ? chosen : throw new OperationError(
            ErrorKind.Refused, $"there is no service or replica {string.Join(", ", wanted)}", $"there are: {string.Join(", ", all.Select(Service).Distinct().Concat(all).Distinct())}");
    }

    private static string Service(string replica) => replica.LastIndexOf('-') is > 0 and var dash ? replica[..dash] : replica;

    private IEnumerable<LogLine> Past(List<string> replicas, LogRequest request)
    {
        var lines = replicas.SelectMany(replica =>
        {
            var own = WithTimes(Files(replica).SelectMany(ReadLines).Select(text => LogLine.Parse(replica, text)));
            own = request.Since is { } since ? own.Where(l => l.At >= since) : own;
            return request.Tail is { } tail ? own.TakeLast(tail) : own;
        });
        return lines.OrderBy(l => l.At ?? DateTimeOffset.MinValue);
    }

    // A line without a time (a stack trace) belongs to the one before it.
    private static IEnumerable<LogLine> WithTimes(IEnumerable<LogLine> lines)
    {
        DateTimeOffset? last = null;
        foreach (var line in lines)
        {
            last = line.At ?? last;
            yield return line with { At = last };
        }
    }

    // Oldest first: x.log.4 ... x.log.1, x.log.
    private IEnumerable<string> Files(string replica)
    {
        var file = state.LogFile(replica);
        var aside = Directory.EnumerateFiles(state.Logs, Path.GetFileName(file) + ".*")
            .Select(f => (File: f, Number: int.TryParse(Path.GetExtension(f).TrimStart('.'), out var n) ? n : 0))
            .Where(f => f.Number > 0).OrderByDescending(f => f.Number).Select(f => f.File);
        return aside.Append(file);
    }

    private static IEnumerable<string> ReadLines(string file)
    {
        if (!File.Exists(file))
        {
            yield break;
        }
        using var reader = new StreamReader(new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete), Encoding.UTF8);
        while (reader.ReadLine() is { } line)
        {
            yield return line;
        }
    }
}
