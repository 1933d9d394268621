using System.Diagnostics;
using Provost.Harness;

namespace Provost.Backup.Bench;

/// <summary>Requests that read the state, one after the other, for a bounded time.</summary>
internal sealed class Requests(Installation installation)
{
    public async Task<(double PerSecond, double P99Milliseconds)> RateAsync(TimeSpan time, Func<CancellationToken, Task>? beside)
    {
        using var session = new Session(installation.Url);
        using var over = new CancellationTokenSource();
        await session.Http.GetByteArrayAsync("api/session");
        var other = beside?.Invoke(over.Token) ?? Task.CompletedTask;
        var times = new List<double>();
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < time)
        {
            var start = Stopwatch.GetTimestamp();
            await session.Http.GetByteArrayAsync("api/session");
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }
        var rate = times.Count / clock.Elapsed.TotalSeconds;
        await over.CancelAsync();
        await other;
        return (rate, times.Order().ElementAt((int)Math.Ceiling(0.99 * times.Count) - 1));
    }
}
