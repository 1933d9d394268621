namespace Provost.Runbooks.Drills.Deploy;

/// <summary>The live connections of a drill, which are held open until everybody has the last message.</summary>
internal sealed class LiveSessions(DrillClient client, Tally tally, TimeProvider time) : IAsyncDisposable
{
    private static readonly TimeSpan Delivery = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Opening = TimeSpan.FromSeconds(60);

    private readonly CancellationTokenSource listening = new();
    private readonly List<LiveSession> sessions = [];
    private readonly List<Task> running = [];

    public int Count => sessions.Count;

    /// <summary>Number of the last message that anybody has.</summary>
    public long Last => sessions.Max(s => s.Last);

    public long Repeated => sessions.Sum(s => (long)s.Received.Count - s.Received.Distinct().Count());

    /// <summary>Returns when each has the course's first message.</summary>
    public async Task OpenAsync(int count, CancellationToken cancellation)
    {
        sessions.AddRange(Enumerable.Range(0, count).Select(_ => new LiveSession(client, tally, time)));
        running.AddRange(sessions.Select(s => s.RunAsync(listening.Token)));
        try
        {
            await Task.WhenAll(sessions.Select(s => s.Started.Task)).WaitAsync(Opening, time, cancellation);
        }
        catch (TimeoutException e)
        {
            throw new OperationError(
                ErrorKind.NotReady, $"only {sessions.Count(s => s.Started.Task.IsCompleted)} of {count} live connections were there within {Opening.TotalSeconds:0} s; nothing was replaced",
                "provost status and provost logs gateway api show what is wrong; a machine that is too small for so many takes fewer: --sessions", tally.Problems, e);
        }
    }

    /// <summary>Waits until everybody has the expected message; gives how far the course has counted.</summary>
    public async Task<long> DeliveredAsync(long expected)
    {
        var start = time.GetTimestamp();
        while (time.GetElapsedTime(start) < Delivery && sessions.Exists(s => s.Last < expected))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), time, CancellationToken.None);
        }
        return Math.Max(expected, Last);
    }

    public long Missed(long first, long last) => sessions.Sum(s => Range(first + 1, last).Except(s.Received).LongCount());

    public async Task CloseAsync()
    {
        await listening.CancelAsync();
        await Task.WhenAll(running);
    }

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        sessions.ForEach(s => s.Dispose());
        listening.Dispose();
    }

    private static IEnumerable<long> Range(long from, long to)
    {
        for (var i = from; i <= to; i++)
        {
            yield return i;
        }
    }
}
