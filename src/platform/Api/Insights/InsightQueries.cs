using System.Globalization;
using Provost.Analytics.Cells;
using Provost.Analytics.Insights;
using Provost.Api.Backtests;
using Provost.Api.Courses;

namespace Provost.Api.Insights;

/// <summary>A course's insights with what they were computed from.</summary>
/// <param name="Students">In the grid's order.</param>
internal sealed record ComputedCourse(CellGrid Grid, IReadOnlyList<SnapshotStudent> Students, CourseInsights Insights, Calibration Calibration)
{
    public int Find(string student)
    {
        for (var i = 0; i < Grid.Students.Count; i++)
            if (Grid.Students[i] == student)
                return i;
        return -1;
    }
}

/// <summary>Computes insights from the facts, once for everybody who asks the same.</summary>
internal sealed class InsightQueries(Snapshots snapshots, Calibrations calibrations, InsightCache cache, TimeProvider time)
{
    /// <param name="finishedStamp">Of the finished courses: which calibration holds.</param>
    public Task<ComputedCourse> ComputeAsync(CourseRecord course, Scope scope, long finishedStamp) =>
        cache.GetAsync(course.Id, $"insights|{Key(course, scope)}|{finishedStamp}", async () =>
        {
            var calibration = (await calibrations.FindAsync(finishedStamp)).Used;
            var whole = await snapshots.ReadAsync(course);
            var part = scope.Sections is { } sections ? whole.Of(sections) : whole;
            var grid = Grid(course, part);
            var insights = CourseInsights.Compute(grid, Policy(course), calibration);
            return (new ComputedCourse(grid, part.Students, insights, calibration), (grid.Students.Count * 4096L) + (part.Cells.Length * 48L) + 4096);
        });

    /// <summary>Everything of a course that its insights depend on: data version, day, rules, scope. The calibration comes on top.</summary>
    public string Key(CourseRecord course, Scope scope) => string.Create(CultureInfo.InvariantCulture,
        $"{course.Id}|{course.Version}|{course.AsOf(time):R}|{course.Settings.Capacity:R},{course.Settings.MissingCountsZero},{course.Settings.GraceDays:R}|{scope.Key}");

    public CellGrid Grid(CourseRecord course, Snapshot snapshot) =>
        snapshot.AsOf(course.AsOfDay is null && course.Settings.Start is null ? null : course.AsOf(time), course.Settings.GraceDays);

    public static InsightPolicy Policy(CourseRecord course) =>
        new(course.Settings.Capacity, course.Settings.MissingCountsZero, course.Settings.GraceDays);
}
