using System.Diagnostics;
using Provost.Harness;

namespace Provost.Platform.Bench;

/// <summary>Users who look, think for a second, and look again. Bounded in time.</summary>
internal sealed class Load(Session session, int users, int seconds)
{
    /// <summary>The given percentile of the response times, milliseconds. Throws when a request failed.</summary>
    public async Task<double> PercentileAsync(string path, double percentile)
    {
        await session.Http.GetByteArrayAsync(path);
        var times = await Task.WhenAll(Enumerable.Range(0, users).Select(user => UserAsync(path, new Random(user))));
        var sorted = times.SelectMany(time => time).Order().ToArray();
        return sorted[(int)Math.Ceiling(percentile * sorted.Length) - 1];
    }

    private async Task<List<double>> UserAsync(string path, Random random)
    {
        var times = new List<double>();
        var clock = Stopwatch.StartNew();
        await Task.Delay(random.Next(1000));
        while (clock.Elapsed.TotalSeconds < seconds)
        {
            var started = Stopwatch.GetTimestamp();
            await session.Http.GetByteArrayAsync(path);
            times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            await Task.Delay(500 + random.Next(1000));
        }
        return times;
    }
}
