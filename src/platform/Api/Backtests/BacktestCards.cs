using System.Text.Json;
using System.Text.RegularExpressions;
using Provost.Analytics.Backtests;
using Provost.Analytics.Insights;
using Provost.Api.Courses;
using Provost.Api.Insights;
using Provost.Api.State;
using Provost.Contracts;
using Provost.Gradebooks;

namespace Provost.Api.Backtests;

/// <summary>
/// How the risk list and the forecast would have done on this institution's own finished courses: those of the same group
/// ("AAA" of "AAA 2013J") when there are any, else all, else what was published for the default calibration.
/// </summary>
internal sealed partial class BacktestCards(CourseState courses, Snapshots snapshots, InsightCache cache)
{
    private const int Most = 12;
    private const string Everything = "*";

    /// <summary>The default on courses that it had not seen; a test repeats the figures from the data.</summary>
    public static BacktestCard Published { get; } = ReadPublished();

    /// <param name="course">Beside whose risk list the card stands.</param>
    /// <param name="stamp">Grows when a finished course changes: part of the key.</param>
    public async Task<BacktestCard> FindAsync(CourseRecord course, long stamp)
    {
        if (stamp == 0)
            return Published;
        var group = Group(course.Name);
        return await cache.GetAsync(Everything, $"backtest|{group}|{stamp}", async () => (await MakeAsync(group), 4096L));
    }

    /// <summary>The name without its term: everything before the first word, but the first, that holds a year.</summary>
    internal static string Group(string name)
    {
        var words = name.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var term = Array.FindIndex(words, Math.Min(1, words.Length), word => Year().IsMatch(word));
        return term > 0 ? string.Join(' ', words[..term]) : name;
    }

    [GeneratedRegex(@"(?<!\d)(19|20)\d\d(?!\d)", RegexOptions.CultureInvariant)]
    private static partial Regex Year();

    private async Task<BacktestCard> MakeAsync(string group)
    {
        var finished = (await courses.AllAsync()).Where(course => course.Finished).ToArray();
        var own = finished.Where(course => Group(course.Name) == group).ToArray();
        var chosen = (own.Length > 0 ? own : finished).OrderByDescending(course => course.LastImport).Take(Most).ToArray();
        if (chosen.Length == 0)
            return Published;
        var tests = await Task.WhenAll(chosen.Select(async course => Finished(course, await snapshots.ReadAsync(course))));
        return ToWire(Backtest.Evaluate(tests, Calibration.Default), Source(chosen, tests));
    }

    public static BacktestCard ToWire(BacktestReport report, string source) => new(
        Finite(report.Auc), Finite(report.Ece), Finite(report.PrecisionTop20),
        report.Forecast.ToDictionary(
            share => share.Key,
            share => new Contracts.ForecastAccuracy(Finite(share.Value.Mae), Finite(share.Value.Coverage), Finite(share.Value.HalfWidth))),
        source);

    // Of a handful of students some figures come out as no number, which JSON cannot say either.
    private static double? Finite(double? figure) => figure is { } value && double.IsFinite(value) ? value : null;

    private static Dictionary<string, double?> Finite(IReadOnlyDictionary<string, double?> figures) => figures.ToDictionary(figure => figure.Key, figure => Finite(figure.Value));

    private static FinishedCourse Finished(CourseRecord course, Snapshot snapshot)
    {
        var grid = snapshot.AsOf(course.AsOfDay, course.Settings.GraceDays);
        return new FinishedCourse(
            course.Name, snapshot.Assessments,
            [.. snapshot.Students.Select(student => new FinishedStudent(
                student.Key, student.Outcome is FinalResult.Fail or FinalResult.Withdrawn, student.Outcome == FinalResult.Withdrawn, student.UnregisteredDay))],
            [.. Enumerable.Range(0, grid.Students.Count).SelectMany(i => grid.Row(i).ToArray())]);
    }

    private static string Source(CourseRecord[] chosen, FinishedCourse[] tests) =>
        $"{chosen.Length} finished {(chosen.Length == 1 ? "course" : "courses")} of this installation "
        + $"({string.Join(", ", chosen.Select(course => course.Name).Order(StringComparer.Ordinal))}), {tests.Sum(test => test.Students.Count)} students; "
        + $"calibration: {Calibration.Default.Source}";

    private static BacktestCard ReadPublished()
    {
        using var json = typeof(BacktestCards).Assembly.GetManifestResourceStream("Provost.Api.Backtests.published.json")!;
        return JsonSerializer.Deserialize(json, ApiJson.Default.BacktestCard)!;
    }
}
