using System.Diagnostics;
using Provost.Harness;

namespace Provost.Deploy.Bench;

/// <summary>What somebody who asks all the time notices of an operation.</summary>
internal sealed record Interruption(double Seconds, double LongestGapMs, int Failed)
{
    public static async Task<Interruption> MeasureAsync(Uri url, Func<Task> operation)
    {
        using var http = new HttpClient { BaseAddress = url, Timeout = TimeSpan.FromSeconds(10) };
        using var done = new CancellationTokenSource();
        var asking = AskAsync(http, done.Token);
        await Task.Delay(500);
        var start = Stopwatch.GetTimestamp();
        await operation();
        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        await Task.Delay(500);
        await done.CancelAsync();
        var (gap, failed) = await asking;
        return new Interruption(seconds, gap.TotalMilliseconds, failed);
    }

    private static async Task<(TimeSpan Gap, int Failed)> AskAsync(HttpClient http, CancellationToken done)
    {
        var (longest, failed, good) = (TimeSpan.Zero, 0, Stopwatch.GetTimestamp());
        while (!done.IsCancellationRequested)
        {
            try
            {
                using var answer = await http.GetAsync(new Uri("/api/session", UriKind.Relative), CancellationToken.None);
                answer.EnsureSuccessStatusCode();
                var gap = Stopwatch.GetElapsedTime(good);
                (longest, good) = (gap > longest ? gap : longest, Stopwatch.GetTimestamp());
            }
            catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
            {
                failed++;
            }
            await Task.Delay(10, CancellationToken.None);
        }
        return (longest, failed);
    }
}
