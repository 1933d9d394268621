using Provost.Analytics.Cells;
using Provost.Analytics.Insights;
using Provost.Analytics.Risk;
using Provost.Analytics.Tests.Naive;

namespace Provost.Analytics.Tests.Insights;

/// <summary>The facade against the formulas of the page, typed again without arrays, tables or sharing.</summary>
public class NaiveInsightsTests
{
    private static readonly InsightPolicy Policy = new(Capacity: 0.2, MissingCountsZero: true, GraceDays: 1);

    [Fact]
    public void Risk_scores_and_marks_agree_with_the_page()
    {
        for (var seed = 0; seed < 20; seed++)
        {
            var grid = RandomCourse.Of(seed, 40, 12);
            var insights = CourseInsights.Compute(grid, Policy, Calibration.Default);
            for (var i = 0; i < 40; i++)
            {
                var (mark, score) = NaiveRisk(grid, i);
                Close.Equal(mark, insights.Students[i].CurrentMark.Value, 1e-12, $"mark of {i} in {seed}");
                Close.Equal(score, insights.Students[i].Risk.Score, 1e-12, $"score of {i} in {seed}");
            }
        }
    }

    [Fact]
    public void Probabilities_follow_the_curve_and_reasons_add_up()
    {
        var grid = RandomCourse.Of(3, 60, 12);
        var insights = CourseInsights.Compute(grid, Policy, Calibration.Default);
        var curve = Calibration.Default.Risk;
        foreach (var risk in insights.Students.Select(s => s.Risk).Where(r => r.Probability.HasValue))
        {
            var terms = risk.Reasons.Where(r => r.Kind != RiskReasonKind.Timing).Sum(r => r.Term);
            Close.Equal(risk.Score, terms, 1e-12);
            var timing = risk.Reasons.SingleOrDefault(r => r.Kind == RiskReasonKind.Timing).Term;
            var a = curve.Intercept + curve.InterceptByProgress * insights.Progress;
            var b = curve.Slope + curve.SlopeByProgress * insights.Progress;
            Close.Equal(1 / (1 + Math.Exp(-(a + b * (risk.Score + timing)))), risk.Probability.Value, 1e-12);
            Assert.Equal(risk.Reasons.Select(r => r.Contribution).OrderDescending(), risk.Reasons.Select(r => r.Contribution));
        }
    }

    [Fact]
    public void The_triage_list_is_as_long_as_capacity_allows_and_ranked_by_probability()
    {
        var insights = CourseInsights.Compute(RandomCourse.Of(4, 50, 12), Policy, Calibration.Default);
        var ranked = insights.Students.Where(s => s.Risk.Rank > 0).OrderBy(s => s.Risk.Rank).ToArray();

        Assert.Equal(10, insights.Students.Count(s => s.Risk.WithinCapacity));
        Assert.Equal(Enumerable.Range(1, ranked.Length), ranked.Select(s => s.Risk.Rank));
        Assert.Equal(ranked.Select(s => s.Risk.Probability.Value).OrderDescending(), ranked.Select(s => s.Risk.Probability.Value));
        Assert.All(ranked[..10], s => Assert.True(s.Risk.WithinCapacity));
    }

    [Fact]
    public void Trends_agree_with_the_page()
    {
        var grid = RandomCourse.Of(5, 40, 14);
        var insights = CourseInsights.Compute(grid, Policy, Calibration.Default);
        var medians = Columns(grid).Select(c => c.Any(v => !double.IsNaN(v)) ? NaiveStatistics.Median(c.Where(v => !double.IsNaN(v))) : double.NaN).ToArray();
        for (var i = 0; i < 40; i++)
        {
            var items = Enumerable.Range(0, 14).Where(j => grid[i, j].State == CellState.Graded && !grid[i, j].Transferred).ToArray();
            if (items.Length < 4)
                continue;
            var t = items.Select(j => grid.Assessments[j].DueDay!.Value / 7).ToArray();
            var (slope, low, high) = NaiveStatistics.TheilSen(t, [.. items.Select(j => grid[i, j].Score - medians[j])]);
            var trend = insights.Students[i].Trend;
            Close.Equal(slope, trend.Slope.Value, 1e-12);
            Close.Equal(low, trend.Slope.Low, 1e-12);
            Close.Equal(high, trend.Slope.High, 1e-12);
        }
    }

    [Fact]
    public void Consistency_agrees_with_the_page()
    {
        var grid = RandomCourse.Of(6, 40, 14);
        var insights = CourseInsights.Compute(grid, Policy, Calibration.Default);
        var columns = Columns(grid).Select(c => c.Where(v => !double.IsNaN(v)).ToArray()).ToArray();
        var spreads = new double[40];
        for (var i = 0; i < 40; i++)
        {
            var z = Enumerable.Range(0, 14)
                .Where(j => grid[i, j].State == CellState.Graded && !grid[i, j].Transferred && columns[j].Length >= 5)
                .Select(j => (grid[i, j].Score - NaiveStatistics.Mean(columns[j])) / NaiveStatistics.Sd(columns[j])).ToArray();
            spreads[i] = z.Length < 4 ? double.NaN : NaiveStatistics.Sd(z);
            if (z.Length < 4)
                continue;
            Close.Equal(spreads[i], insights.Students[i].Consistency.StandardDeviation.Value, 1e-11);
            Close.Equal(Math.Sqrt(z.Zip(z.Skip(1), (a, b) => (b - a) * (b - a)).Sum() / (z.Length - 1)), insights.Students[i].Consistency.Rmssd.Value, 1e-11);
        }

        var known = spreads.Where(s => !double.IsNaN(s)).ToArray();
        for (var i = 0; i < 40; i++)
        {
            if (!double.IsNaN(spreads[i]))
                Assert.Equal(100 * (1 - NaiveStatistics.MidRank(known, spreads[i])), insights.Students[i].Consistency.Score.Value, 2.0);
        }
    }

    [Fact]
    public void Submissions_agree_with_the_page()
    {
        var grid = RandomCourse.Of(7, 40, 12);
        var insights = CourseInsights.Compute(grid, Policy, Calibration.Default);
        var lags = Enumerable.Range(0, 40).Select(i => Enumerable.Range(0, 12)
            .Where(j => grid[i, j].State is CellState.Graded or CellState.Pending && !grid[i, j].Transferred && grid[i, j].SubmittedDay.HasValue)
            .Select(j => grid[i, j].SubmittedDay!.Value - grid.Assessments[j].DueDay!.Value).ToArray()).ToArray();
        var rate = lags.SelectMany(l => l).Average(l => l <= 1 ? 1.0 : 0);
        for (var i = 0; i < 40; i++)
        {
            var behaviour = insights.Students[i].Submission;
            double n = lags[i].Length, late = lags[i].Count(l => l > 1);
            if (n == 0)
                continue;
            Assert.Equal(late, behaviour.Late);
            Close.Equal((n - late + 4 * rate) / (n + 4), behaviour.OnTimeRate.Value, 1e-12);
            Close.Equal(24 * NaiveStatistics.Median(lags[i]), behaviour.MedianLagHours.Value, 1e-12);
            Close.Equal(lags[i].Count(l => l is <= 0 and >= -0.25) / n, behaviour.LastMinuteShare.Value, 1e-12);
            const double z = 1.959963984540054;
            var p = late / n;
            var low = (p + z * z / 2 / n - z * Math.Sqrt(p * (1 - p) / n + z * z / 4 / n / n)) / (1 + z * z / n);
            Close.Equal(Math.Max(0, low), behaviour.LateRate.Low, 1e-12);
            Assert.Equal(low > 0.3, behaviour.ChronicallyLate);
        }
    }

    [Fact]
    public void Forecasts_agree_with_the_page()
    {
        var grid = RandomCourse.Of(8, 60, 12);
        var insights = CourseInsights.Compute(grid, Policy, Calibration.Default);
        var rest = Calibration.Default.Rest;
        for (var i = 0; i < 60; i++)
        {
            double done = 0, points = 0, all = 0;
            for (var j = 0; j < 12; j++)
            {
                var (a, cell) = (grid.Assessments[j], grid[i, j]);
                if (cell.State == CellState.Excused)
                    continue;
                all += a.ExtraCredit ? 0 : a.Weight;
                if (cell.State is not (CellState.Graded or CellState.Missing))
                    continue;
                done += a.ExtraCredit ? 0 : a.Weight;
                points += cell.State == CellState.Graded ? a.Weight * cell.Score : 0;
            }

            var forecast = insights.Students[i].Forecast;
            Close.Equal(points / all, forecast.Floor, 1e-12);
            Close.Equal((points + 100 * (all - done)) / all, forecast.Ceiling, 1e-12);
            Close.Equal(done / all, forecast.WeightDone, 1e-12);
            if (done == 0)
                continue;
            var last = Enumerable.Range(0, 12).Last(j => grid.Assessments[j] is { Weight: > 0, ExtraCredit: false }
                && grid[i, j].State is CellState.Graded or CellState.Missing or CellState.Pending && grid.Assessments[j] is { Weight: > 0, ExtraCredit: false });
            var late = grid[i, last].State == CellState.Missing && grid.Assessments[last].Weight / grid.Assessments.Where(a => !a.ExtraCredit).Sum(a => a.Weight) >= 0.05;
            if (!late && grid[i, last].State == CellState.Missing)
                continue;
            var keep = rest.Keep + rest.KeepByProgress * done / all;
            var settled = late ? Math.Min(1, (grid.AsOfDay - grid.Assessments[last].DueDay!.Value) / 7) : 0;
            var mean = Math.Clamp(points / done * (keep + (rest.Rho - keep) * settled), 0, 100);
            if (!late && grid.Assessments[last].Weight / grid.Assessments.Where(a => !a.ExtraCredit).Sum(a => a.Weight) < 0.05)
                continue;
            Close.Equal((points + (all - done) * mean) / all, forecast.Final.Value, 1e-12, $"forecast of {i}");
            Assert.True(forecast.Final.Low >= forecast.Floor - 1e-9 && forecast.Final.High <= forecast.Ceiling + 1e-9);
        }
    }

    private static (double Mark, double Score) NaiveRisk(CellGrid grid, int i)
    {
        double points = 0, weight = 0, due = 0, missing = 0, judged = 0, late = 0, last = double.NaN;
        for (var j = 0; j < grid.Assessments.Count; j++)
        {
            var (a, cell) = (grid.Assessments[j], grid[i, j]);
            if (cell.State == CellState.Graded)
                points += a.Weight * cell.Score;
            if (cell.State is CellState.Graded or CellState.Missing && !a.ExtraCredit)
                weight += a.Weight;
            if (a.ExtraCredit || a.Weight == 0)
                continue;
            if (cell.State is CellState.Graded or CellState.Missing)
            {
                due++;
                last = cell.State == CellState.Graded ? Math.Clamp(cell.Score, 0, 100) : 0;
            }

            missing += cell.State == CellState.Missing ? 1 : 0;
            var dated = cell.State is CellState.Graded or CellState.Pending && !cell.Transferred && cell.SubmittedDay.HasValue;
            judged += dated || cell.State == CellState.Missing ? 1 : 0;
            late += dated && cell.SubmittedDay > a.DueDay + 1 ? 1 : 0;
        }

        if (due == 0)
            return (weight > 0 ? points / weight : double.NaN, double.NaN);
        var mark = points / weight;
        return (mark, 0.45 * (1 - Math.Clamp(mark, 0, 100) / 100) + 0.25 * missing / due + 0.10 * (judged > 0 ? late / judged : 0) + 0.20 * (1 - last / 100));
    }

    private static double[][] Columns(CellGrid grid) =>
        [.. Enumerable.Range(0, grid.Assessments.Count).Select(j => Enumerable.Range(0, grid.Students.Count)
            .Select(i => grid[i, j].State == CellState.Graded ? grid[i, j].Score : double.NaN).ToArray())];
}
