using Provost.Analytics.Backtests;
using Provost.Analytics.Cells;
using Provost.Analytics.Insights;

namespace Provost.Analytics.Tests.Oulad;

/// <summary>The table of analytics.md: weighted items that are no exams, students who did not withdraw.</summary>
public class GoldenValueTests
{
    [Theory]
    [InlineData("AAA 2013J", 323, 5, 0.899, 289, 0.882, 0.60, 0.83)]
    [InlineData("BBB 2013B", 1262, 11, 0.945, 532, 0.833, 0.69, 0.84)]
    [InlineData("CCC 2014B", 1038, 8, 0.924, 440, 0.927, 0.60, 0.83)]
    [InlineData("DDD 2013B", 871, 13, 0.963, 365, 0.945, 0.70, 0.88)]
    public void Reliability_and_discrimination_reproduce_the_table(
        string name, int n, int k, double alpha, int complete, double alphaComplete, double smallest, double largest)
    {
        var insights = CourseInsights.Compute(Grid(OuladCourses.Named(name)), new InsightPolicy(), Calibration.Default);

        Assert.Equal((n, k), (insights.Students.Count, insights.Reliability.Items));
        Assert.Equal(n, insights.Reliability.AlphaMissingAsZero.N);
        Assert.Equal(alpha, insights.Reliability.AlphaMissingAsZero.Value, 0.0005);
        Assert.Equal(complete, insights.Reliability.Alpha.N);
        Assert.Equal(alphaComplete, insights.Reliability.Alpha.Value, 0.0005);
        Assert.Equal(smallest, insights.Assessments.Min(a => a.Item.Discrimination.Value), 0.005);
        Assert.Equal(largest, insights.Assessments.Max(a => a.Item.Discrimination.Value), 0.005);
    }

    private static CellGrid Grid(FinishedCourse course)
    {
        var columns = Enumerable.Range(0, course.Assessments.Count)
            .Where(j => course.Assessments[j] is { Kind: not FinishedCourse.ExamKind, Weight: > 0 }).ToArray();
        var rows = Enumerable.Range(0, course.Students.Count).Where(i => !course.Students[i].Withdrawn).ToArray();
        return new(
            [.. rows.Select(i => course.Students[i].Id)], [.. columns.Select(j => course.Assessments[j])],
            [.. rows.SelectMany(i => columns.Select(j => Final(course[i, j])))], 300);
    }

    /// <summary>A submission that never got a score has none: the table counts it as missing.</summary>
    private static Cell Final(Cell cell) => cell.State == CellState.Pending ? Cell.Missing : cell;
}
