using Provost.Analytics.Backtests;
using Provost.Api.Courses;
using Provost.Api.Insights;
using Provost.Api.State;
using Provost.Gradebooks;

namespace Provost.Api.Backtests;

/// <summary>A course whose end is known, and its content as backtests take it.</summary>
internal sealed record EndedCourse(CourseRecord Record, FinishedCourse Content);

/// <summary>This institution's courses whose end is known, newest first; older ones than the last dozen teach nothing more.</summary>
internal sealed class FinishedCourses(CourseState courses, Snapshots snapshots)
{
    public const int Most = 12;

    public async Task<CourseRecord[]> ListAsync() =>
        [.. (await courses.AllAsync()).Where(course => course.Finished).OrderByDescending(course => course.LastImport).ThenBy(course => course.Id, StringComparer.Ordinal)];

    public Task<EndedCourse[]> ReadAsync(IEnumerable<CourseRecord> newest) =>
        Task.WhenAll(newest.Take(Most).Select(async course => new EndedCourse(course, Content(course, await snapshots.ReadAsync(course)))));

    // Nobody knows how it ended for a student without an outcome: left out.
    private static FinishedCourse Content(CourseRecord course, Snapshot whole)
    {
        var snapshot = whole.Without(whole.Students.Where(student => student.Outcome is null).Select(student => student.Key).ToHashSet());
        var grid = snapshot.AsOf(course.AsOfDay, course.Settings.GraceDays);
        return new FinishedCourse(
            course.Name, snapshot.Assessments,
            [.. snapshot.Students.Select(student => new FinishedStudent(
                student.Key, student.Outcome is FinalResult.Fail or FinalResult.Withdrawn, student.Outcome == FinalResult.Withdrawn, student.UnregisteredDay))],
            [.. Enumerable.Range(0, grid.Students.Count).SelectMany(i => grid.Row(i).ToArray())]);
    }
}
