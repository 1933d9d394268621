using System.Diagnostics;
using Provost.Harness;

namespace Provost.Stories.Survival;

/// <summary>People who look at a page all the time: a bounded loop of reads that counts what they would notice.</summary>
internal sealed class Readers : IAsyncDisposable
{
    private readonly CancellationTokenSource stop = new();
    private readonly List<string> failures = [];
    private readonly Task[] loops;
    private readonly string path;
    private readonly Session session;
    private long answered;
    private long longestGapMilliseconds;

    public Readers(Session session, string path, int count)
    {
        this.session = session;
        this.path = path;
        loops = [.. Enumerable.Range(0, count).Select(_ => Task.Run(LoopAsync))];
    }

    public long Answered => Interlocked.Read(ref answered);

    public long LongestGapMilliseconds => Interlocked.Read(ref longestGapMilliseconds);

    public IReadOnlyList<string> Failures
    {
        get
        {
            lock (failures)
                return [.. failures];
        }
    }

    public async Task StopAsync()
    {
        await stop.CancelAsync();
        await Task.WhenAll(loops);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        stop.Dispose();
    }

    private async Task LoopAsync()
    {
        while (!stop.IsCancellationRequested)
        {
            var started = Stopwatch.GetTimestamp();
            await OnceAsync();
            Widen((long)Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            await Task.Delay(20);
        }
    }

    private async Task OnceAsync()
    {
        try
        {
            using var answer = await session.ReadAsync(path);
            if (!answer.IsSuccessStatusCode)
                Note($"{(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
            Interlocked.Increment(ref answered);
        }
        catch (Exception error) when (error is HttpRequestException or TaskCanceledException)
        {
            Note(error.Message);
        }
    }

    private void Note(string failure)
    {
        lock (failures)
            failures.Add(failure);
    }

    private void Widen(long milliseconds)
    {
        for (var seen = LongestGapMilliseconds; milliseconds > seen; seen = LongestGapMilliseconds)
            if (Interlocked.CompareExchange(ref longestGapMilliseconds, milliseconds, seen) == seen)
                return;
    }
}
