using Provost.Analytics.Backtests;
using Provost.Analytics.Cells;
using Provost.Analytics.Insights;
using Provost.Contracts;

namespace Provost.Web.DevServer;

/// <summary>The backtest card of the stand-in: the real backtest over synthetic courses that ended.</summary>
internal static class SeededBacktest
{
    private const int Weeks = 20;

    private static readonly Lazy<BacktestCard> Computed = new(Compute);

    public static BacktestCard Card => Computed.Value;

    private static BacktestCard Compute()
    {
        var report = Backtest.Evaluate([.. Enumerable.Range(1, 3).Select(Finished)], Calibration.Default);
        return new BacktestCard(report.Auc, report.Ece, report.PrecisionTop20,
            report.Forecast.ToDictionary(entry => entry.Key, entry => new Contracts.ForecastAccuracy(entry.Value.Mae, entry.Value.Coverage, entry.Value.HalfWidth)),
            "Three synthetic finished courses of 200 students each; each judged with a calibration that was fitted on others",
            "Risks and forecasts are calibrated on 3 finished courses of this installation with 600 students.");
    }

    private static FinishedCourse Finished(int seed)
    {
        var grid = SeededCourse.Build(200, Weeks, today: 400, seed);
        return new FinishedCourse($"Synthetic {seed}", grid.Assessments, [.. Enumerable.Range(0, grid.Students.Count).Select(student => Ended(grid, student))],
            [.. Enumerable.Range(0, grid.Students.Count).SelectMany(student => grid.Row(student).ToArray())]);
    }

    private static FinishedStudent Ended(CellGrid grid, int student)
    {
        var (sum, weight) = (0.0, 0.0);
        for (var item = 0; item < grid.Assessments.Count; item++)
        {
            if (grid[student, item].State is not (CellState.Graded or CellState.Missing)) continue;
            weight += grid.Assessments[item].Weight;
            if (grid[student, item].State == CellState.Graded) sum += grid.Assessments[item].Weight * grid[student, item].Score;
        }

        return new FinishedStudent(grid.Students[student], Failed: sum / weight < 50, Withdrawn: false);
    }
}
