using Provost.Analytics.Forecasts;
using Provost.Analytics.Insights;
using Provost.Analytics.Numerics;
using Provost.Analytics.Risk;

namespace Provost.Analytics.Backtests;

/// <summary>
/// Fits a calibration on finished courses. Each course is replayed at 16 days, spread evenly up to its last due day, so that
/// the fit holds on any day and for courses of any length.
/// </summary>
internal static class CalibrationFit
{
    private const int CutOffs = 16;
    private static readonly double[] Shrinkages = [0, 0.25, 0.5, 0.75, 1];
    private static readonly double[] ProgressEdges = [0, 0.2, 0.4, 0.6, 0.8];

    /// <summary>Weak belief before any data: roughly what large courses gave. Variance 4 is forgotten after some hundred students.</summary>
    private static readonly double[] RiskPrior = [-1, -4, 4.5, 6, 1, 0];

    public static Calibration Of(IReadOnlyList<FinishedCourse> courses, string source)
    {
        var snapshots = courses.SelectMany(course => Days(course).Select(day => CourseSnapshot.At(course, day))).ToArray();
        if (snapshots.Sum(s => s.Students.Length) == 0)
            throw new ArgumentException("no finished course has due days and students: nothing to learn from", nameof(courses));
        var rest = snapshots.SelectMany(RestOutcome.Of).ToArray();
        var learned = rest.Where(r => r.Number % 2 == 0).ToArray();
        var curve = Rest(learned);
        return new(Risk(snapshots), curve, Residuals([.. rest.Where(r => r.Number % 2 == 1)], curve), source);
    }

    /// <summary>The days at which a course is replayed.</summary>
    public static IEnumerable<double> Days(FinishedCourse course)
    {
        var last = CourseSnapshot.Coursework(course).Max(j => course.Assessments[j].DueDay) ?? 0;
        for (var c = 1; c <= CutOffs && last > 0; c++)
            yield return last * c / CutOffs;
    }

    private static RiskCurve Risk(CourseSnapshot[] snapshots)
    {
        var features = new List<double>();
        var labels = new List<bool>();
        foreach (var snapshot in snapshots)
        {
            var risk = new ClassRisk(snapshot.Table, CourseSnapshot.Policy);
            var g = risk.Progress;
            for (var i = 0; i < snapshot.Students.Length; i++)
            {
                var r = risk.Score(i);
                features.AddRange(double.IsNaN(r) ? [0, 0, 0, 0, 0, 1] : [1, g, r, g * r, risk.Timing(i), 0]);
                labels.Add(snapshot.Students[i].Failed);
            }
        }

        var b = LogisticRegression.Fit(features.ToArray(), labels.ToArray(), RiskPrior, priorVariance: 4);
        return new(b[0], b[1], b[2], b[3], b[4], b[5], labels.Count);
    }

    /// <summary>Keep from those who handed in their latest work, rho from those whose latest work is missing and settled.</summary>
    private static RestCurve Rest(RestOutcome[] outcomes)
    {
        var active = outcomes.Where(o => !o.At.LastMissing).ToArray();
        var stopped = outcomes.Where(o => o.At.MissingFor >= RestCurve.SettlingDays && o.At.Mark.Mean > 0).ToArray();
        var rho = stopped.Length == 0 ? 0.35 : LeastAbsolute.WeightedMedian(
            [.. stopped.Select(o => o.RestMean / o.At.Mark.Mean)], [.. stopped.Select(o => o.At.Mark.Mean * (1 - o.At.Progress))]);
        var candidates = Shrinkages.Select(shrinkage => Keep(active, rho, shrinkage, outcomes.Length));
        return candidates.MinBy(curve => Loss(active, curve))!;
    }

    private static RestCurve Keep(RestOutcome[] active, double rho, double shrinkage, int n)
    {
        var features = new double[active.Length * 2];
        for (var i = 0; i < active.Length; i++)
        {
            var level = active[i].Model.Level(active[i].At.Mark.Mean, active[i].At.Mark.Items, shrinkage);
            features[2 * i] = level;
            features[2 * i + 1] = level * active[i].At.Progress;
        }

        var b = LeastAbsolute.Fit(
            features, active.Select(o => o.RestMean).ToArray(), active.Select(o => 1 - o.At.Progress).ToArray(), d: 2);
        return new(b[0], b[1], rho, shrinkage, n);
    }

    private static double Loss(RestOutcome[] active, RestCurve curve) =>
        active.Sum(o => (1 - o.At.Progress) * Math.Abs(o.RestMean - Forecaster.RestMean(o.At, o.Model, curve)));

    /// <summary>Split conformal: the quantile ceil((n + 1) 0.9) / n of the absolute residuals of students that the curve has not seen.</summary>
    private static ConformalBucket[] Residuals(RestOutcome[] unseen, RestCurve curve)
    {
        var buckets = new List<ConformalBucket>();
        foreach (var lastMissing in new[] { false, true })
        {
            for (var e = 0; e < ProgressEdges.Length; e++)
            {
                var (from, to) = (ProgressEdges[e], e + 1 < ProgressEdges.Length ? ProgressEdges[e + 1] : 1);
                var residuals = unseen
                    .Where(o => o.At.LastMissing == lastMissing && o.At.Progress >= from && o.At.Progress < to)
                    .Select(o => Math.Abs(o.RestMean - Forecaster.RestMean(o.At, o.Model, curve))).Order().ToArray();
                var rank = (int)Math.Ceiling((residuals.Length + 1) * 0.9);
                if (rank <= residuals.Length)
                    buckets.Add(new(from, lastMissing, residuals[rank - 1], residuals.Length));
            }
        }

        return [.. buckets];
    }
}
