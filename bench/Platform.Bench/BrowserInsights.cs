using System.Diagnostics;
using Microsoft.Playwright;
using Provost.Analytics.Browser;
using Provost.Analytics.Insights;
using Provost.Harness;
using Provost.Stories.Harness;

namespace Provost.Platform.Bench;

/// <summary>All insights of 500 students x 60 assessments: the median of the runs, milliseconds, in Chromium and here.</summary>
internal static class BrowserInsights
{
    private const int Students = 500;
    private const int Assessments = 60;
    private const int Seed = 1;

    public static async Task<double> MillisecondsAsync(int runs)
    {
        await using var site = await StaticSite.StartAsync(Path.Combine(Repository.Published("Analytics.Browser"), "wwwroot"));
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = OnPath("chromium"), Args = ["--no-sandbox", "--disable-gpu"] });
        var page = await browser.NewPageAsync();
        await page.GotoAsync(site.Url);
        await page.WaitForFunctionAsync("() => globalThis.DotNet !== undefined && Blazor._internal?.dotNetExports !== undefined");
        return await page.EvaluateAsync<double>(
            "input => DotNet.invokeMethodAsync('Provost.Analytics.Browser', 'Milliseconds', ...input)", new[] { Students, Assessments, Seed, runs });
    }

    public static double NativeMilliseconds(int runs)
    {
        var grid = SeededCourse.Grid(Students, Assessments, Seed);
        var times = new List<double>();
        for (var run = 0; run < 20 + runs; run++)
        {
            var started = Stopwatch.GetTimestamp();
            GC.KeepAlive(CourseInsights.Compute(grid, new InsightPolicy(), Calibration.Default));
            times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }
        return times.TakeLast(runs).Order().ElementAt(runs / 2);
    }

    private static string OnPath(string name) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
        .Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists)
        ?? throw new InvalidOperationException($"{name} is not on PATH: install the {name} package");
}
