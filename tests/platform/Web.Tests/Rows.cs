using Provost.Contracts;

namespace Provost.Web.Tests;

/// <summary>Records as the Api sends them, for tests of what is made of them.</summary>
internal static class Rows
{
    public static readonly Estimate None = new(null, 2, Insufficient: "needs 4 marks, has 2");

    public static RiskRow Risk(string name, double? probability, string section = "A", params Reason[] reasons) => new(
        name.ToLowerInvariant(), name, section, probability is { } value ? new Estimate(value, 9) : None, probability ?? 0, false,
        reasons, new Estimate(55, 9), None, new Estimate(58, 9, 41, 75), 2, 1, 60);

    public static IReadOnlyList<RiskRow> Class(int students) =>
        [.. Enumerable.Range(1, students).Select(number => Risk($"Student{number:00}", 0.95 - (number * 0.01)))];

    public static StudentCell Cell(string name, string state, double? score = null, double weight = 10) =>
        new(name, name, "Quiz", state, score, score / 10, 10, weight, 7, null, false, 60, false);

    public static StandingView Standing(params StudentCell[] cells) => new(
        new CourseSummary("math", "MATH 101", Role.Student, 30, cells.Length, 3, null, false), "s1", "Ada", cells,
        new ForecastView(new Estimate(70, 5, 60, 80), 35, 85, 0.5, "own mean"), None,
        new SubmissionView(2, 0, 0, None, None, None, null, false), null, false, [], new CourseSettings(0.2, true, 0, null));
}
