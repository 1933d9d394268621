using Provost.Analytics.Cells;
using Provost.Analytics.Forecasts;
using Provost.Analytics.Insights;
using Provost.Analytics.Tests.Naive;

namespace Provost.Analytics.Tests.Forecasts;

public class WhatIfTests
{
    private static readonly Assessment[] Assessments = [.. Enumerable.Range(0, 5).Select(j => new Assessment($"a{j}", $"A{j}", 10, 20, 7 * (j + 1)))];
    private static readonly Cell[] Cells = [Cell.Graded(80), Cell.Graded(70), Cell.NotDue, Cell.NotDue, Cell.NotDue];

    [Fact]
    public void Nothing_assumed_is_the_students_forecast()
    {
        var grid = RandomCourse.Of(30, 40, 12);
        var insights = CourseInsights.Compute(grid, new InsightPolicy(), Calibration.Default);
        for (var i = 0; i < 40; i++)
        {
            var forecast = StudentWhatIf.Compute(
                grid.Assessments, grid.Row(i), grid.AsOfDay, new Dictionary<int, double>(), new InsightPolicy(), insights.ForecastModel, Calibration.Default);
            Assert.Equal(insights.Students[i].Forecast, forecast);
        }
    }

    [Fact]
    public void Everything_assumed_is_the_mark_itself()
    {
        var forecast = WhatIf(new() { [2] = 90, [3] = 100, [4] = 60 });

        Close.Equal(80, forecast.Final.Value, 1e-14);
        Assert.Equal((80.0, 80.0), (forecast.Floor, forecast.Ceiling));
        Assert.False(forecast.NeededAverage(85).HasValue);
    }

    [Fact]
    public void Floor_ceiling_and_needed_average_are_arithmetic()
    {
        var forecast = WhatIf([]);

        Close.Equal(30, forecast.Floor, 1e-14);
        Close.Equal(90, forecast.Ceiling, 1e-14);
        Close.Equal((85 - 30) / 0.6, forecast.NeededAverage(85).Value, 1e-12);
        Assert.True(forecast.NeededAverage(95).Value > 100);
        Assert.True(forecast.NeededAverage(25).Value < 0);
        Close.Equal(85, WhatIf(new() { [2] = (85 - 30) / 0.6, [3] = (85 - 30) / 0.6, [4] = (85 - 30) / 0.6 }).Final.Value, 1e-12);
    }

    [Fact]
    public void A_better_score_never_lowers_the_forecast()
    {
        var before = double.NegativeInfinity;
        for (var score = 0; score <= 100; score += 5)
        {
            var forecast = WhatIf(new() { [2] = score });
            Assert.True(forecast.Final.Value > before);
            Assert.True(forecast.Final.Low <= forecast.Final.Value && forecast.Final.Value <= forecast.Final.High);
            before = forecast.Final.Value;
        }
    }

    [Fact]
    public void Work_missing_for_a_week_weighs_more_than_work_missing_since_yesterday()
    {
        Cell[] cells = [Cell.Graded(80), Cell.Graded(70), Cell.Missing, Cell.NotDue, Cell.NotDue];
        double On(double day) => StudentWhatIf.Compute(Assessments, cells, day, new Dictionary<int, double>(), new InsightPolicy(), ForecastModel.None, Calibration.Default).Final.Value;

        Assert.True(On(21) > On(24));
        Assert.True(On(24) > On(28));
        Assert.Equal(On(28), On(27.9999), 1e-2);
        Assert.Equal(On(28), On(50));
        Assert.Equal(On(28), On(double.NaN));
    }

    [Fact]
    public void Without_finished_courses_the_interval_comes_from_the_class()
    {
        var bare = Calibration.Default with { Residuals = [] };
        var model = new ForecastModel(70, 100, 144, 50);

        var known = StudentWhatIf.Compute(Assessments, Cells, 15, new Dictionary<int, double>(), new InsightPolicy(), model, bare);
        var unknown = StudentWhatIf.Compute(Assessments, Cells, 15, new Dictionary<int, double>(), new InsightPolicy(), ForecastModel.None, bare);

        var half = 1.6448536269514722 * Math.Sqrt(3 * 0.04 * 144 + 0.36 * 144 / 2);
        Close.Equal(known.Final.Value + half, known.Final.High, 1e-12);
        Assert.Contains("normal distribution", known.Method, StringComparison.Ordinal);
        Assert.True(unknown.Final.HasValue && !unknown.Final.HasInterval);
    }

    [Fact]
    public void Shrinkage_pulls_short_records_to_the_class()
    {
        var model = new ForecastModel(60, 100, 300, 50);

        Close.Equal(60 + 0.25 * 20, model.Level(80, 1, 1), 1e-12);
        Close.Equal(60 + 0.75 * 20, model.Level(80, 9, 1), 1e-12);
        Assert.Equal(80, model.Level(80, 1, 0));
        Assert.Equal(80, ForecastModel.None.Level(80, 1, 1));
    }

    [Fact]
    public void Nonsense_is_refused_with_the_place()
    {
        Assert.Contains("position 9", Assert.Throws<ArgumentException>(() => WhatIf(new() { [9] = 50 })).Message, StringComparison.Ordinal);
        Assert.Contains("NaN", Assert.Throws<ArgumentException>(() => WhatIf(new() { [2] = double.NaN })).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => StudentWhatIf.Compute(
            Assessments, [Cell.NotDue], 0, new Dictionary<int, double>(), new InsightPolicy(), ForecastModel.None, Calibration.Default));
    }

    private static Forecast WhatIf(Dictionary<int, double> hypothetical) =>
        StudentWhatIf.Compute(Assessments, Cells, 15, hypothetical, new InsightPolicy(), ForecastModel.None, Calibration.Default);
}
