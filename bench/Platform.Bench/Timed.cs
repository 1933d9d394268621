using System.Diagnostics;

namespace Provost.Platform.Bench;

/// <summary>How long work takes, and percentiles of that.</summary>
internal static class Timed
{
    public static async Task<TimeSpan> OnceAsync(Func<Task> work)
    {
        var started = Stopwatch.GetTimestamp();
        await work();
        return Stopwatch.GetElapsedTime(started);
    }

    /// <summary>Milliseconds.</summary>
    public static async Task<double> MedianAsync(int runs, Func<Task> work)
    {
        var times = new List<double>();
        for (var run = 0; run < runs; run++)
            times.Add((await OnceAsync(work)).TotalMilliseconds);
        return Percentile(times, 0.5);
    }

    public static double Percentile(IEnumerable<double> values, double percentile)
    {
        var sorted = values.Order().ToArray();
        return sorted[Math.Max(0, (int)Math.Ceiling(percentile * sorted.Length) - 1)];
    }
}
