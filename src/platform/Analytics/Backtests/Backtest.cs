using System.Globalization;
using Provost.Analytics.Forecasts;
using Provost.Analytics.Insights;
using Provost.Analytics.Risk;

namespace Provost.Analytics.Backtests;

/// <summary>
/// Replays finished courses: what would have been said on each day, and was it right. Features come from what is dated up to
/// the cut-off only; students who were already unregistered are left out.
/// </summary>
public static class Backtest
{
    /// <summary>
    /// Days after the due day of the item with which a share of the weight is done: late work is in and marks are back. The
    /// forecast is judged then.
    /// </summary>
    public const double SettlingDays = 14;

    private static readonly int[] Days = [28, 56, 84, 112, 140];
    private static readonly int[] Shares = [25, 50, 75];

    /// <summary>Fits a calibration on <paramref name="train"/> and judges it on <paramref name="test"/>.</summary>
    public static BacktestReport Run(IReadOnlyList<FinishedCourse> train, IReadOnlyList<FinishedCourse> test) =>
        Evaluate(test, Fit(train, string.Join(", ", train.Select(course => course.Name))));

    /// <summary>
    /// Judges a calibration on courses that it was not fitted on; all courses' students together. A student for whom nothing was
    /// due yet is ranked at the probability of such students, not left out.
    /// </summary>
    public static BacktestReport Evaluate(IReadOnlyList<FinishedCourse> test, Calibration calibration) =>
        Evaluate([.. test.Select(course => new JudgedCourse(course, calibration))]);

    /// <summary>The same where each course is judged by a calibration of its own: by one that was fitted on the others.</summary>
    public static BacktestReport Evaluate(IReadOnlyList<JudgedCourse> test)
    {
        Dictionary<string, double?> auc = [], ece = [], precision = [];
        foreach (var day in Days)
        {
            var (probabilities, failed) = RiskOn(day, test);
            var key = Key(day);
            auc[key] = RankingMetrics.Auc(probabilities, failed);
            ece[key] = RankingMetrics.ExpectedCalibrationError(probabilities, failed);
            precision[key] = RankingMetrics.PrecisionAtTop(probabilities, failed, 0.2);
        }

        return new(auc, ece, precision, Shares.ToDictionary(Key, share => ForecastAt(share / 100.0, test)));
    }

    /// <summary>Fits a calibration: risk curve, what the rest brings, conformal half widths.</summary>
    /// <param name="train">Finished courses with due days.</param>
    /// <param name="source">What they are, in plain words.</param>
    /// <exception cref="ArgumentException">No course has due days and students.</exception>
    public static Calibration Fit(IReadOnlyList<FinishedCourse> train, string source) => CalibrationFit.Of(train, source);

    /// <summary>The day at which a share of the coursework's weight is done and settled; null when nothing is left by then.</summary>
    internal static double? DayOf(double share, FinishedCourse course)
    {
        var table = CourseSnapshot.At(course, double.NegativeInfinity).Table;
        var done = 0.0;
        for (var p = 0; p < table.K; p++)
        {
            done += table.Weights.Reach[p] / table.Weights.Total;
            var lastOfDay = p + 1 == table.K || table.Time.DueDays[p + 1] != table.Time.DueDays[p];
            if (done >= share - 1e-9 && lastOfDay)
                return done < 1 - 1e-9 && !double.IsNaN(table.Time.DueDays[p]) ? table.Time.DueDays[p] + SettlingDays : null;
        }

        return null;
    }

    private static (double[] Probabilities, bool[] Failed) RiskOn(double day, IReadOnlyList<JudgedCourse> test)
    {
        var probabilities = new List<double>();
        var failed = new List<bool>();
        foreach (var (course, by) in test)
        {
            var snapshot = CourseSnapshot.At(course, day);
            var risk = new ClassRisk(snapshot.Table, CourseSnapshot.Policy);
            for (var i = 0; i < snapshot.Students.Length; i++)
            {
                probabilities.Add(risk.Probability(i, by.Risk));
                failed.Add(snapshot.Students[i].Failed);
            }
        }

        return ([.. probabilities], [.. failed]);
    }

    private static ForecastAccuracy ForecastAt(double share, IReadOnlyList<JudgedCourse> test)
    {
        double error = 0, width = 0;
        int n = 0, covered = 0;
        foreach (var (course, by) in test)
        {
            if (DayOf(share, course) is not { } day)
                continue;
            foreach (var outcome in RestOutcome.Of(CourseSnapshot.At(course, day)))
            {
                var final = Forecaster.Of(outcome.At, outcome.Model, by).Final;
                n++;
                error += Math.Abs(final.Value - outcome.Final);
                width += (final.High - final.Low) / 2;
                covered += outcome.Final >= final.Low - 1e-9 && outcome.Final <= final.High + 1e-9 ? 1 : 0;
            }
        }

        return n == 0 ? new(null, null, null) : new(error / n, (double)covered / n, width / n);
    }

    private static string Key(int number) => number.ToString(CultureInfo.InvariantCulture);
}
