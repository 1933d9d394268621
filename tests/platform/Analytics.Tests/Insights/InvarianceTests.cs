using Provost.Analytics.Cells;
using Provost.Analytics.Insights;
using Provost.Analytics.Tests.Naive;

namespace Provost.Analytics.Tests.Insights;

public class InvarianceTests
{
    [Fact]
    public void The_order_of_the_students_does_not_matter()
    {
        var grid = RandomCourse.Of(20, 60, 12);
        var random = new Random(20);
        var order = Enumerable.Range(0, 60).OrderBy(_ => random.Next()).ToArray();
        var shuffled = new CellGrid([.. order.Select(i => grid.Students[i])], grid.Assessments, [.. order.SelectMany(i => grid.Row(i).ToArray())], grid.AsOfDay);

        var (one, other) = (Compute(grid), Compute(shuffled));

        Equal(
            one.Flatten().Where(p => !p.Key.StartsWith("student", StringComparison.Ordinal)),
            other.Flatten().Where(p => !p.Key.StartsWith("student", StringComparison.Ordinal)), 1e-11);
        for (var row = 0; row < order.Length; row++)
        {
            var (a, b) = (one.Students[order[row]], other.Students[row]);
            Assert.Equal(a.Risk.Rank, b.Risk.Rank);
            Close.Equal(a.Risk.Probability.Value, b.Risk.Probability.Value, 1e-12);
            Close.Equal(a.Forecast.Final.Value, b.Forecast.Final.Value, 1e-12);
            Assert.Equal(a.Trend.Slope, b.Trend.Slope);
        }
    }

    [Fact]
    public void The_order_of_the_columns_does_not_matter_when_due_days_are_known()
    {
        var grid = RandomCourse.Of(21, 50, 12);
        var order = Enumerable.Range(0, 12).Reverse().ToArray();
        var turned = new CellGrid(
            grid.Students, [.. order.Select(j => grid.Assessments[j])],
            [.. Enumerable.Range(0, 50).SelectMany(i => order.Select(j => grid[i, j]))], grid.AsOfDay);

        var (one, other) = (Compute(grid), Compute(turned));

        Assert.Equal(one.Students.Select(s => s.Risk.Probability), other.Students.Select(s => s.Risk.Probability));
        Assert.Equal(one.Students.Select(s => s.Trend), other.Students.Select(s => s.Trend));
        Assert.Equal(one.Assessments.Select(a => a.Item.Discrimination), other.Assessments.Reverse().Select(a => a.Item.Discrimination));
    }

    [Fact]
    public void The_unit_of_the_weights_does_not_matter()
    {
        var grid = RandomCourse.Of(22, 50, 12);
        var scaled = new CellGrid(
            grid.Students, [.. grid.Assessments.Select(a => a with { Weight = a.Weight / 64 })],
            [.. Enumerable.Range(0, 50).SelectMany(i => grid.Row(i).ToArray())], grid.AsOfDay);

        Equal(Compute(grid).Flatten(), Compute(scaled).Flatten(), 1e-12);
    }

    [Fact]
    public void Scores_twice_as_spread_have_twice_the_spread_and_the_same_shape()
    {
        var grid = RandomCourse.Of(23, 50, 12);
        var cells = Enumerable.Range(0, 50).SelectMany(i => grid.Row(i).ToArray())
            .Select(c => c.State == CellState.Graded ? c with { Score = c.Score / 2 } : c).ToArray();
        var (one, half) = (Compute(grid), Compute(new CellGrid(grid.Students, grid.Assessments, cells, grid.AsOfDay)));

        for (var j = 0; j < 12; j++)
        {
            var (a, b) = (one.Assessments[j], half.Assessments[j]);
            Close.Equal(a.Scores.StandardDeviation.Value / 2, b.Scores.StandardDeviation.Value, 1e-12);
            Close.Equal(a.Scores.Skewness.Value, b.Scores.Skewness.Value, 1e-9);
            Close.Equal(a.Item.Discrimination.Value, b.Item.Discrimination.Value, 1e-12);
            Close.Equal(a.Item.UpperLower.Value / 2, b.Item.UpperLower.Value, 1e-12);
        }

        Close.Equal(one.Reliability.AlphaMissingAsZero.Value, half.Reliability.AlphaMissingAsZero.Value, 1e-12);
        for (var i = 0; i < 50; i++)
            Close.Equal(one.Students[i].Trend.Slope.Value / 2, half.Students[i].Trend.Slope.Value, 1e-12);
    }

    [Fact]
    public void Missing_work_counts_zero_only_when_the_policy_says_so()
    {
        var assessments = Enumerable.Range(0, 4).Select(j => new Assessment($"a{j}", $"A{j}", 10, 1, 7 * j)).ToArray();
        var grid = new CellGrid(["s"], assessments, [Cell.Graded(80), Cell.Missing, Cell.Graded(60), Cell.NotDue], 20);

        var zero = CourseInsights.Compute(grid, new InsightPolicy(MissingCountsZero: true), Calibration.Default).Students[0];
        var left = CourseInsights.Compute(grid, new InsightPolicy(MissingCountsZero: false), Calibration.Default).Students[0];

        Close.Equal(140 / 3.0, zero.CurrentMark.Value, 1e-14);
        Close.Equal(70, left.CurrentMark.Value, 1e-14);
        Assert.Equal(0.75, zero.Forecast.WeightDone);
        Assert.Equal(2 / 3.0, left.Forecast.WeightDone);
        Assert.Equal(1, left.Risk.Missing);
    }

    [Fact]
    public void Grace_makes_late_work_on_time()
    {
        var grid = RandomCourse.Of(24, 30, 10);
        int Late(double grace) => CourseInsights.Compute(grid, new InsightPolicy(GraceDays: grace), Calibration.Default).Students.Sum(s => s.Submission.Late);

        Assert.True(Late(0) > Late(1) && Late(1) > Late(2));
        Assert.Equal(0, Late(10));
    }

    [Fact]
    public void Computing_twice_gives_the_same_bits()
    {
        var grid = RandomCourse.Of(25, 80, 20);
        Equal(Compute(grid).Flatten(), Compute(grid).Flatten(), 0);
    }

    private static CourseInsights Compute(CellGrid grid) => CourseInsights.Compute(grid, new InsightPolicy(), Calibration.Default);

    private static void Equal(IEnumerable<KeyValuePair<string, double>> a, IEnumerable<KeyValuePair<string, double>> b, double relative)
    {
        var (x, y) = (a.ToArray(), b.ToArray());
        Assert.NotEmpty(x);
        Assert.Equal(x.Select(p => p.Key), y.Select(p => p.Key));
        for (var i = 0; i < x.Length; i++)
            Close.Equal(x[i].Value, y[i].Value, relative, x[i].Key);
    }
}
