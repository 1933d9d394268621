using Provost.Analytics.Backtests;
using Provost.Analytics.Cells;
using Provost.Analytics.Insights;

namespace Provost.Analytics.Tests.Backtests;

public class BacktestTests
{
    [Fact]
    public void A_course_that_was_not_seen_is_ranked_calibrated_and_covered()
    {
        var report = Backtest.Run([SyntheticCourse.Of(1), SyntheticCourse.Of(2)], [SyntheticCourse.Of(3), SyntheticCourse.Of(4)]);

        Assert.Equal(["28", "56", "84", "112", "140"], report.Auc.Keys);
        Assert.Equal(["25", "50", "75"], report.Forecast.Keys);
        Assert.True(report.Auc["140"] > 0.85 && report.Auc["140"] >= report.Auc["28"]);
        Assert.True(report.Ece["112"] < 0.08);
        Assert.All(report.Forecast.Values, f => Assert.InRange(f.Coverage!.Value, 0.82, 0.98));
        Assert.True(report.Forecast["75"].Mae < report.Forecast["25"].Mae);
    }

    /// <summary>Whatever is dated after the cut-off may move, change or vanish: what is said on the day stays the same, bit by bit.</summary>
    [Theory]
    [InlineData(28)]
    [InlineData(84)]
    [InlineData(140)]
    public void Nothing_dated_after_the_cut_off_changes_what_is_said(double day)
    {
        var course = SyntheticCourse.Of(5);
        var random = new Random(5);
        var moved = course with
        {
            Cells = [.. course.Cells.Select(cell => cell.SubmittedDay > day
                ? Cell.Graded(100 * random.NextDouble(), day + 1 + 100 * random.NextDouble())
                : cell)],
            Students = [.. course.Students.Select(s => s.UnregisteredDay > day ? s with { UnregisteredDay = day + 1 + 100 * random.NextDouble() } : s)],
        };
        var vanished = course with
        {
            Cells = [.. course.Cells.Select((cell, at) => cell.SubmittedDay > day && at > course.Assessments.Count ? Cell.Missing : cell)],
        };

        var said = Said(course, day);

        Assert.NotEqual(course.Cells, moved.Cells);
        Assert.Equal(said, Said(moved, day));
        Assert.Equal(said, Said(vanished, day));
        Assert.NotEqual(said, Said(course, day + 20));
    }

    [Fact]
    public void What_is_dated_on_the_day_itself_is_known()
    {
        var course = SyntheticCourse.Of(6, n: 40);
        var shifted = course with { Cells = [.. course.Cells.Select(cell => cell with { SubmittedDay = cell.SubmittedDay is null ? null : 20 })] };
        Assert.Contains(CellState.Graded, Enumerable.Range(0, 40).Select(i => CourseSnapshot.At(shifted, 20).Table.States(0)[0]));
        Assert.All(Enumerable.Range(0, CourseSnapshot.At(shifted, 19).Table.N), i => Assert.Equal(CellState.NotDue, CourseSnapshot.At(shifted, 19).Table.States(i)[0]));
    }

    [Fact]
    public void Students_who_had_left_and_exams_are_not_in_the_snapshot()
    {
        var course = SyntheticCourse.Of(7);
        var snapshot = CourseSnapshot.At(course, 100);

        Assert.Equal(8, snapshot.Table.K);
        Assert.All(snapshot.Students, s => Assert.False(s.UnregisteredDay <= 100));
        Assert.Equal(course.Students.Count(s => !(s.UnregisteredDay <= 100)), snapshot.Students.Length);
    }

    [Fact]
    public void Before_anything_is_due_the_backtest_still_answers_and_the_insights_say_why_not()
    {
        var course = SyntheticCourse.Of(8);
        var calibration = Backtest.Fit([course], "one");
        var snapshot = CourseSnapshot.At(course, 5);

        var insights = CourseInsights.Compute(snapshot.Table.Grid, new InsightPolicy(), calibration);

        Assert.All(insights.Students, s => Assert.Equal("nothing was due yet", s.Risk.Probability.Insufficient));
    }

    [Fact]
    public void Courses_without_due_days_are_refused_in_plain_words()
    {
        var course = SyntheticCourse.Of(9);
        var undated = course with { Assessments = [.. course.Assessments.Select(a => a with { DueDay = null })] };

        var error = Assert.Throws<ArgumentException>(() => Backtest.Fit([undated], "none"));
        Assert.StartsWith("no finished course has due days and students", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_day_before_any_student_gives_nulls_instead_of_numbers()
    {
        var calibration = Backtest.Fit([SyntheticCourse.Of(10)], "one");
        var report = Backtest.Evaluate([], calibration);

        Assert.All(report.Auc.Values, Assert.Null);
        Assert.All(report.Ece.Values, Assert.Null);
        Assert.All(report.Forecast.Values, f => Assert.Null(f.Mae));
    }

    [Fact]
    public void The_order_of_the_courses_does_not_matter()
    {
        var (a, b, c) = (SyntheticCourse.Of(11), SyntheticCourse.Of(12), SyntheticCourse.Of(13));
        var (one, other) = (Backtest.Run([a, b], [c]), Backtest.Run([b, a], [c]));

        Assert.Equal(one.Auc["84"]!.Value, other.Auc["84"]!.Value, 1e-9);
        Assert.Equal(one.Forecast["50"].Mae!.Value, other.Forecast["50"].Mae!.Value, 1e-6);
    }

    private static KeyValuePair<string, double>[] Said(FinishedCourse course, double day) =>
        [.. CourseInsights.Compute(CourseSnapshot.At(course, day).Table.Grid, new InsightPolicy(), Calibration.Default).Flatten()];
}
