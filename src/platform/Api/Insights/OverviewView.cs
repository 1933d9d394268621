using System.Globalization;
using Provost.Analytics.Cells;
using Provost.Api.Courses;
using Provost.Api.Privacy;
using Provost.Contracts;

namespace Provost.Api.Insights;

/// <summary>Who, why, what next.</summary>
internal static class OverviewView
{
    private const double Likely = 0.5;
    private const int Contacts = 3;
    private const int Checks = 3;

    public static CourseOverview Build(CourseRecord course, Role role, ComputedCourse computed, BacktestCard? backtest, bool isStale)
    {
        RiskRow[] rows = [.. Enumerable.Range(0, computed.Grid.Students.Count)
            .OrderBy(i => computed.Insights.Students[i].Risk.Rank is > 0 and var rank ? rank : int.MaxValue)
            .Select(i => Row(computed, i))];
        AssessmentSummary[] assessments = [.. Enumerable.Range(0, computed.Grid.Assessments.Count).Select(j => Assessment(computed, j))];
        return new CourseOverview(
            course.For(role) with { Students = rows.Length }, computed.Grid.AsOfDay, Standing(computed, rows), rows,
            [.. Next(course, rows, assessments, computed, isStale)], assessments, computed.Insights.Reliability.ToWire(), backtest);
    }

    public static CourseOverview Named(CourseOverview overview, IReadOnlyDictionary<string, PersonName> names) => overview with
    {
        Triage = [.. overview.Triage.Select(row => row with { Name = names.GetValueOrDefault(row.Student)?.Name })],
        Next = [.. overview.Next.Select(step => step.Student is { } student && names.GetValueOrDefault(student) is { } name
            ? step with { Text = step.Text.Replace(student, name.Name, StringComparison.Ordinal) }
            : step)],
    };

    public static RiskRow Row(ComputedCourse computed, int i)
    {
        var (student, insights) = (computed.Students[i], computed.Insights.Students[i]);
        return new RiskRow(
            student.Key, null, student.Section, insights.Risk.Probability.ToWire(), Wire.OrZero(insights.Risk.Score), insights.Risk.WithinCapacity,
            [.. insights.Risk.Reasons.Select(reason => reason.ToWire())], insights.CurrentMark.ToWire(), insights.Trend.Slope.ToWire(),
            insights.Forecast.Final.ToWire(), insights.Risk.Missing, insights.Risk.Late, Wire.Finite(insights.Risk.LastScore));
    }

    public static AssessmentSummary Assessment(ComputedCourse computed, int j)
    {
        var (assessment, insights) = (computed.Grid.Assessments[j], computed.Insights.Assessments[j]);
        return new AssessmentSummary(
            assessment.Id, assessment.Name, assessment.Kind, assessment.MaxScore, assessment.Weight, assessment.DueDay,
            insights.Graded, insights.Missing, insights.Pending, insights.Excused, insights.Scores.Mean.ToWire());
    }

    private static ClassStanding Standing(ComputedCourse computed, RiskRow[] rows)
    {
        var (graded, missing, pending) = (0, 0, 0);
        foreach (var assessment in computed.Insights.Assessments)
            (graded, missing, pending) = (graded + assessment.Graded, missing + assessment.Missing, pending + assessment.Pending);
        var due = graded + missing + pending;
        return new ClassStanding(
            rows.Length, rows.Count(row => row.Probability.Value >= Likely), due == 0 ? 0 : (double)graded / due, missing, pending,
            computed.Insights.ClassMean.ToWire(), computed.Insights.ClassTrend.LeastSquares.ToWire(), computed.Insights.Marks.ToWire());
    }

    private static IEnumerable<NextStep> Next(
        CourseRecord course, RiskRow[] rows, AssessmentSummary[] assessments, ComputedCourse computed, bool isStale)
    {
        if (course.IsEmpty)
        {
            yield return new NextStep("import", "Import a gradebook: the course has no data yet", null, null);
            yield break;
        }

        foreach (var row in rows.Where(row => row.WithinCapacity && row.Reasons is [{ Contribution: > 0 }, ..]).Take(Contacts))
            yield return new NextStep("contact", $"Contact {row.Student}: {row.Reasons[0].Text}", row.Student, null);
        foreach (var waiting in assessments.Where(assessment => assessment.Pending > 0).OrderByDescending(assessment => assessment.Pending).Take(Checks))
            yield return new NextStep("grade", $"Grade {waiting.Pending} {(waiting.Pending == 1 ? "submission" : "submissions")} of {waiting.Name}", null, waiting.Id);
        foreach (var (assessment, item) in Negative(computed).Take(Checks))
            yield return new NextStep("checkItem", string.Create(CultureInfo.InvariantCulture,
                $"Check the key of {assessment.Name}: students who do well elsewhere do badly here (discrimination {item:0.00})"), null, assessment.Id);
        if (isStale)
            yield return new NextStep("import", string.Create(CultureInfo.InvariantCulture,
                $"Import a newer gradebook: the last import is from {course.LastImport:d MMMM yyyy}"), null, null);
    }

    private static IEnumerable<(Assessment Assessment, double Discrimination)> Negative(ComputedCourse computed) => computed.Grid.Assessments
        .Select((assessment, j) => (assessment, computed.Insights.Assessments[j].Item.Discrimination))
        .Where(item => item.Discrimination is { HasValue: true, Value: < 0 })
        .OrderBy(item => item.Discrimination.Value)
        .Select(item => (item.assessment, item.Discrimination.Value));
}
