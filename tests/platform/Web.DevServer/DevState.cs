using System.Collections.Concurrent;
using Provost.Analytics.Cells;
using Provost.Contracts;

namespace Provost.Web.DevServer;

/// <summary>Everything that changes while the stand-in runs.</summary>
internal sealed class DevState(TimeProvider time)
{
    private readonly ConcurrentDictionary<string, DevViews> computed = [];
    private readonly ConcurrentDictionary<string, DevCourse> courses = new()
    {
        ["statistics"] = new("Introduction to Statistics", 120, 14, 66, 4, Demonstration: true),
        ["seminar"] = new("Seminar on Inference", 7, 3, 17, 1, Demonstration: false),
        ["empty"] = new("Experimental Design", 0, 0, 0, 0, Demonstration: false),
    };

    public DateTimeOffset Now => time.GetUtcNow();
    public List<AccountView> Accounts { get; } = DevAccounts.All(time.GetUtcNow());
    public ConcurrentDictionary<string, string> Sessions { get; } = [];
    public ConcurrentDictionary<string, bool> UsedLinks { get; } = new() { ["used"] = true };
    public ConcurrentDictionary<string, List<ImportSummary>> Imports { get; } = [];
    public ConcurrentDictionary<string, bool> Bands { get; } = [];

    /// <summary>Number of the last live message, by course.</summary>
    public ConcurrentDictionary<string, long> Sequences { get; } = [];

    /// <summary>A release id that the next session carries: set to play a deployment.</summary>
    public string Release { get; set; } = "0.1.0+dev";

    public DevCourse? Course(string id) => courses.GetValueOrDefault(id);

    public IEnumerable<string> Courses => courses.Keys;

    public void Change(string id, Func<DevCourse, DevCourse> change) => courses[id] = change(courses[id]);

    public CourseSummary Summary(string id, Role role)
    {
        var course = courses[id];
        var assessments = course.Weeks == 0 ? 0 : SeededCourse.Build(0, course.Weeks, course.Today, 1).Assessments.Count;
        return new(id, course.Name, role, course.Students, assessments, course.Version, course.Students == 0 ? null : Now.AddHours(-2), course.Demonstration, Sequences.GetValueOrDefault(id));
    }

    public DevViews Views(string id, Role role)
    {
        var course = courses[id];
        return computed.GetOrAdd($"{id}/{role}/{course}", _ => new DevViews(
            course.Students == 0 ? new CellGrid([], [], [], 0) : SeededCourse.Build(course.Students, course.Weeks, course.Today, 20260301), Summary(id, role), course.Settings));
    }
}

/// <param name="Weeks">Length of the course; 0 while nothing was imported.</param>
/// <param name="Today">Day of the course: an import moves it.</param>
internal sealed record DevCourse(string Name, int Students, int Weeks, double Today, long Version, bool Demonstration)
{
    public CourseSettings Settings { get; init; } = new(0.15, true, 0, new DateOnly(2026, 9, 7));
}
