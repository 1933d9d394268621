using Provost.Analytics.Cells;
using Provost.Analytics.Insights;
using Provost.Analytics.Tests.Naive;
using Provost.Analytics.Trends;

namespace Provost.Analytics.Tests.Insights;

public class EdgeTests
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(0, 5)]
    [InlineData(5, 0)]
    [InlineData(1, 1)]
    [InlineData(2, 1)]
    [InlineData(1, 5)]
    [InlineData(2, 2)]
    [InlineData(30, 1)]
    public void Small_courses_give_reasons_and_never_a_naked_NaN(int n, int k)
    {
        var insights = Compute(RandomCourse.Of(n * 10 + k, n, k));

        Assert.Equal(n, insights.Students.Count);
        Assert.Equal(k, insights.Assessments.Count);
        foreach (var estimate in Estimates(insights))
            Assert.True(estimate.HasValue ? double.IsFinite(estimate.Value) : estimate.Insufficient!.Length > 5 && double.IsNaN(estimate.Value));
    }

    [Fact]
    public void A_course_in_which_everybody_got_the_same_says_so()
    {
        var grid = Grid(30, 6, (_, _) => Cell.Graded(70.1, 1));
        var insights = Compute(grid);

        Assert.Equal("undefined: the totals do not vary", insights.Reliability.Alpha.Insufficient);
        Assert.All(insights.Assessments, a => Assert.Equal("undefined: the scores do not vary", a.Item.Discrimination.Insufficient));
        Assert.All(insights.Students, s => Close.Equal(70.1, s.CurrentMark.Value, 1e-14));
        Assert.All(insights.Students, s => Assert.Equal(TrendDirection.Unclear, s.Trend.Direction));
        Assert.Single(insights.Students.Select(s => s.Risk.Probability.Value).Distinct());
    }

    [Fact]
    public void A_grade_that_is_no_number_counts_as_not_known_yet()
    {
        var bad = Grid(25, 4, (i, j) => i == 0 && j < 2 ? new Cell(CellState.Graded, j == 0 ? double.NaN : double.PositiveInfinity) : Cell.Graded(50 + i + j));
        var pending = Grid(25, 4, (i, j) => i == 0 && j < 2 ? Cell.Pending() : Cell.Graded(50 + i + j));

        Assert.Equal(Compute(pending).Flatten(), Compute(bad).Flatten());
        Assert.Equal(1, Compute(bad).Assessments[0].Pending);
    }

    [Fact]
    public void Weights_that_are_all_zero_count_alike()
    {
        Cell Score(int i, int j) => Cell.Graded(40 + i + 5 * j);
        var zero = Grid(25, 4, Score, _ => 0);
        var one = Grid(25, 4, Score, _ => 1);

        Assert.Equal(Compute(one).Flatten(), Compute(zero).Flatten());
    }

    [Fact]
    public void Weights_that_are_negative_or_no_number_count_nothing()
    {
        Cell Score(int i, int j) => Cell.Graded(40 + i + 5 * j);
        var strange = Grid(25, 4, Score, j => j switch { 0 => double.NaN, 1 => -3, _ => 2 });
        var plain = Grid(25, 4, Score, j => j < 2 ? 0 : 2);

        Assert.Equal(Compute(plain).Flatten(), Compute(strange).Flatten());
    }

    [Fact]
    public void Extra_credit_lifts_the_mark_above_the_reach_and_its_absence_costs_nothing()
    {
        var assessments = new Assessment[] { new("a", "A", 10, 1, 7), new("b", "B", 10, 1, 14), new("x", "Extra", 10, 0.5, 14, "", true) };
        var grid = new CellGrid(["with", "without"], assessments, [Cell.Graded(90), Cell.Graded(110), Cell.Graded(100), Cell.Graded(90), Cell.Graded(110), Cell.Missing], 15);

        var insights = Compute(grid);

        Close.Equal(125, insights.Students[0].CurrentMark.Value, 1e-14);
        Close.Equal(100, insights.Students[1].CurrentMark.Value, 1e-14);
        Assert.Equal(0, insights.Students[1].Risk.Missing);
        Assert.Equal("everything is graded", insights.Students[0].Forecast.Method);
        Assert.True(insights.Students[0].Risk.Score >= 0);
    }

    [Fact]
    public void Excused_work_is_left_out_of_every_sum()
    {
        var excused = Grid(25, 4, (i, j) => j == 3 ? Cell.Excused : Cell.Graded(40 + i + 5 * j));
        var never = Grid(25, 3, (i, j) => Cell.Graded(40 + i + 5 * j));

        var (a, b) = (Compute(excused), Compute(never));

        Assert.Equal(b.Students.Select(s => s.CurrentMark), a.Students.Select(s => s.CurrentMark));
        Assert.Equal(b.Students.Select(s => s.Risk.Score), a.Students.Select(s => s.Risk.Score));
        Assert.Equal(b.Students.Select(s => s.Forecast.Final), a.Students.Select(s => s.Forecast.Final));
        Assert.Equal(b.Reliability.Alpha, a.Reliability.Alpha);
    }

    [Fact]
    public void A_student_with_everything_excused_has_no_numbers()
    {
        var student = Compute(Grid(3, 3, (i, j) => i == 0 ? Cell.Excused : Cell.Graded(50 + j))).Students[0];

        Assert.Equal("nothing counts for this student", student.Forecast.Final.Insufficient);
        Assert.Equal("nothing was due yet", student.Risk.Probability.Insufficient);
        Assert.Equal(0, student.Risk.Rank);
        Assert.Empty(student.Risk.Reasons);
    }

    [Fact]
    public void Without_due_days_slopes_are_per_assessment_and_lateness_is_unknown()
    {
        var assessments = Enumerable.Range(0, 6).Select(j => new Assessment($"a{j}", $"A{j}", 10, 1)).ToArray();
        var cells = Enumerable.Range(0, 30).SelectMany(i => Enumerable.Range(0, 6).Select(j => Cell.Graded(i == 0 ? 90 - 8 * j : 50 + (i + j) % 3))).ToArray();
        var insights = Compute(new CellGrid([.. Enumerable.Range(0, 30).Select(i => $"s{i}")], assessments, cells, double.NaN));

        Assert.False(insights.Students[0].Trend.PerWeek);
        Assert.Equal(TrendDirection.Falling, insights.Students[0].Trend.Direction);
        Assert.Equal("no submission with a known day and due day", insights.Students[0].Submission.OnTimeRate.Insufficient);
        Assert.Equal(4, insights.Students[0].Risk.Reasons.Count);
    }

    [Fact]
    public void A_streak_counts_moves_beyond_the_measurement_error()
    {
        var random = new Random(1);
        var grid = Grid(60, 6, (i, j) => Cell.Graded(i == 0 ? 95 - 15 * j : i == 1 ? 20 + 15 * j : 40 + i % 50 + 10 * random.NextDouble()));

        var insights = Compute(grid);

        Assert.True(insights.Reliability.StandardError.Value < 15);
        Assert.Equal(-5, insights.Students[0].Consistency.Streak);
        Assert.Equal(5, insights.Students[1].Consistency.Streak);
    }

    private static CourseInsights Compute(CellGrid grid) => CourseInsights.Compute(grid, new InsightPolicy(), Calibration.Default);

    private static CellGrid Grid(int n, int k, Func<int, int, Cell> cell, Func<int, double>? weight = null) => new(
        [.. Enumerable.Range(0, n).Select(i => $"s{i:000}")],
        [.. Enumerable.Range(0, k).Select(j => new Assessment($"a{j}", $"A{j}", 10, weight?.Invoke(j) ?? 1, 7.0 * (j + 1)))],
        [.. Enumerable.Range(0, n).SelectMany(i => Enumerable.Range(0, k).Select(j => cell(i, j)))], 7.0 * (k + 1));

    private static IEnumerable<Estimate> Estimates(CourseInsights insights) =>
    [
        insights.ClassMean, insights.ClassTrend.Slope, insights.ClassTrend.LeastSquares, insights.Reliability.Alpha,
        insights.Reliability.AlphaMissingAsZero, insights.Reliability.StandardError, insights.Marks.Skewness, insights.Marks.NormalityP,
        .. insights.Assessments.SelectMany(a => new[] { a.Item.Facility, a.Item.Discrimination, a.Item.UpperLower, a.Item.AlphaIfDeleted, a.Item.PointBiserial, a.Scores.Median, a.Scores.Bimodality }),
        .. insights.Students.SelectMany(s => new[] { s.CurrentMark, s.Risk.Probability, s.Trend.Slope, s.Consistency.Score, s.Submission.OnTimeRate, s.Submission.MissingRate, s.Forecast.Final }),
    ];
}
