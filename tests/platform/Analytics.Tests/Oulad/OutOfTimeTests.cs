using Provost.Analytics.Backtests;
using Provost.Analytics.Forecasts;
using Provost.Analytics.Insights;
using Provost.Analytics.Risk;

namespace Provost.Analytics.Tests.Oulad;

/// <summary>The bars of analytics.md, on presentations that the calibration has not seen.</summary>
public class OutOfTimeTests(ITestOutputHelper output)
{
    private static readonly (int Day, double Auc)[] Bars = [(28, .68), (56, .76), (84, .79), (112, .82), (140, .85)];

    [Theory]
    [InlineData("2013B 2013J", "2014B")]
    [InlineData("2013B 2014B", "2013J")]
    [InlineData("2013B", "2013J")]
    [InlineData("2013J", "2014B")]
    public void Risk_and_forecast_clear_the_bars(string train, string test)
    {
        var calibration = Backtest.Fit(OuladCourses.Of(train.Split(' ')), train);
        var report = Backtest.Evaluate(OuladCourses.Of(test), calibration);
        Print(test, report);

        foreach (var (day, bar) in Bars)
        {
            Assert.True(report.Auc[$"{day}"] >= bar, $"AUC at day {day}: {report.Auc[$"{day}"]:F3}, bar {bar}");
            if (day >= 84)
                Assert.True(report.Ece[$"{day}"] <= 0.07, $"ECE at day {day}: {report.Ece[$"{day}"]:F3}");
        }

        Assert.True(report.PrecisionTop20["56"] >= 0.72);
        foreach (var share in new[] { 25, 50, 75 })
        {
            var (mae, coverage, half) = report.Forecast[$"{share}"];
            var plain = PlainError(share / 100.0, OuladCourses.Of(test));
            output.WriteLine($"{share} %: MAE {mae:F2}, plain {plain:F2}, coverage {coverage:F3}, half width {half:F1}");
            Assert.True(mae <= 0.92 * plain, $"MAE at {share} %: {mae:F2}, plain mean {plain:F2}");
            Assert.InRange(coverage!.Value, 0.87, 0.95);
        }
    }

    [Fact]
    public void Every_module_is_ranked_better_than_by_chance_from_the_middle_of_the_course()
    {
        var calibration = Backtest.Fit(OuladCourses.Of("2013B", "2013J"), "2013");
        foreach (var course in OuladCourses.Of("2014B"))
        {
            var report = Backtest.Evaluate([course], calibration);
            Print(course.Name, report);
            Assert.All(new[] { "112", "140" }, day => Assert.True(report.Auc[day] > 0.78, $"{course.Name} day {day}: {report.Auc[day]:F3}"));
        }
    }

    /// <summary>What the timing term and the progress of the curve bring over the plain composite with one curve per day.</summary>
    [Fact]
    public void The_curve_ranks_better_than_the_plain_score()
    {
        var calibration = Backtest.Fit(OuladCourses.Of("2013B", "2013J"), "2013");
        var test = OuladCourses.Of("2014B");
        var gain = 0.0;
        foreach (var (day, _) in Bars)
        {
            List<double> plain = [], full = [];
            List<bool> failed = [];
            foreach (var snapshot in test.Select(course => CourseSnapshot.At(course, day)))
            {
                var risk = new ClassRisk(snapshot.Table, CourseSnapshot.Policy);
                for (var i = 0; i < snapshot.Students.Length; i++)
                {
                    plain.Add(double.IsNaN(risk.Score(i)) ? 0.4 : risk.Score(i));
                    full.Add(risk.Probability(i, calibration.Risk));
                    failed.Add(snapshot.Students[i].Failed);
                }
            }

            var (a, b) = (RankingMetrics.Auc(plain.ToArray(), failed.ToArray()), RankingMetrics.Auc(full.ToArray(), failed.ToArray()));
            output.WriteLine($"day {day}: AUC of the plain score {a:F3}, of the probability {b:F3}");
            Assert.True(b >= a - 0.003, $"day {day}: plain {a:F3}, with curve {b:F3}");
            gain += (b - a)!.Value;
        }

        Assert.True(gain > 0.015, $"sum of the gains over five days: {gain:F3}");
    }

    [Fact]
    public void The_default_calibration_is_the_fit_of_all_courses()
    {
        var fit = Backtest.Fit(OuladCourses.All, Calibration.Default.Source);

        var (a, b) = (Calibration.Default.Risk, fit.Risk);
        Assert.Equal(a.N, b.N);
        Assert.Equal(a.Intercept, b.Intercept, 1e-4);
        Assert.Equal(a.InterceptByProgress, b.InterceptByProgress, 1e-4);
        Assert.Equal(a.Slope, b.Slope, 1e-4);
        Assert.Equal(a.SlopeByProgress, b.SlopeByProgress, 1e-4);
        Assert.Equal(a.Timing, b.Timing, 1e-4);
        Assert.Equal(a.NothingDue, b.NothingDue, 1e-4);
        Assert.Equal(Calibration.Default.Rest.Keep, fit.Rest.Keep, 1e-4);
        Assert.Equal(Calibration.Default.Rest.KeepByProgress, fit.Rest.KeepByProgress, 1e-4);
        Assert.Equal((Calibration.Default.Rest.Rho, Calibration.Default.Rest.Shrinkage, Calibration.Default.Rest.N), (fit.Rest.Rho, fit.Rest.Shrinkage, fit.Rest.N));
        Assert.Equal(Calibration.Default.Residuals.Select(r => r with { HalfWidth = 0 }), fit.Residuals.Select(r => r with { HalfWidth = 0 }));
        Assert.All(Calibration.Default.Residuals.Zip(fit.Residuals), pair => Assert.Equal(pair.First.HalfWidth, pair.Second.HalfWidth, 1e-3));
    }

    private static double PlainError(double share, FinishedCourse[] test) => test
        .Where(course => Backtest.DayOf(share, course).HasValue)
        .SelectMany(course => RestOutcome.Of(CourseSnapshot.At(course, Backtest.DayOf(share, course)!.Value)))
        .Average(o => Math.Abs(o.At.Mark.Mean - o.Final));

    private void Print(string name, BacktestReport report) => output.WriteLine(
        $"{name}: AUC {Line(report.Auc)}; ECE {Line(report.Ece)}; precision {Line(report.PrecisionTop20)}");

    private static string Line(IReadOnlyDictionary<string, double?> values) => string.Join(" ", values.Select(p => $"{p.Key}:{p.Value:F3}"));
}
