using System.Diagnostics;
using Microsoft.AspNetCore.Components.WebAssembly.Hosting;
using Microsoft.JSInterop;
using Provost.Analytics.Insights;

namespace Provost.Analytics.Browser;

/// <summary>Answers two questions from JavaScript: which numbers, and how long they took.</summary>
public static class Program
{
    public static Task Main(string[] args) => WebAssemblyHostBuilder.CreateDefault(args).Build().RunAsync();

    /// <summary>One line per number: its name, a tab, its bits in hexadecimal.</summary>
    [JSInvokable]
    public static string Numbers(int students, int assessments, int seed) => SeededCourse.Describe(students, assessments, seed);

    /// <summary>Milliseconds for all insights of one course; the median of the given number of runs.</summary>
    [JSInvokable]
    public static double Milliseconds(int students, int assessments, int seed, int runs)
    {
        var grid = SeededCourse.Grid(students, assessments, seed);
        var times = Enumerable.Range(0, runs).Select(_ => Once(grid)).Order().ToArray();
        return times[runs / 2];
    }

    private static double Once(Cells.CellGrid grid)
    {
        var started = Stopwatch.GetTimestamp();
        var insights = CourseInsights.Compute(grid, new InsightPolicy(), Calibration.Default);
        GC.KeepAlive(insights);
        return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
    }
}
