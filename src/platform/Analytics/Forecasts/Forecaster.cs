using Provost.Analytics.Insights;
using Provost.Analytics.Numerics;

namespace Provost.Analytics.Forecasts;

/// <summary>From where a student stands to the final mark. Section 8 of the formulas.</summary>
internal static class Forecaster
{
    /// <summary>Residuals that a bucket needs before its quantile is used.</summary>
    private const int ConformalFloor = 30;

    public static Forecast Of(StudentRest rest, ForecastModel model, Calibration calibration)
    {
        var mark = rest.Mark;
        if (mark.WeightAll <= 0)
            return new(Estimate.None(0, "nothing counts for this student"), double.NaN, double.NaN, 0, double.NaN, "");
        var left = 1 - rest.Progress;
        var floor = mark.Points / mark.WeightAll;
        var ceiling = floor + 100 * left;
        if (mark.Items == 0 || double.IsNaN(mark.Mean))
            return new(Estimate.None(0, "nothing was graded yet"), floor, ceiling, rest.Progress, double.NaN, "");
        if (left <= 0)
            return new(Estimate.Of(floor, mark.Items, floor, floor), floor, ceiling, 1, double.NaN, "everything is graded");

        var mean = RestMean(rest, model, calibration.Rest);
        var final = floor + left * mean;
        var (half, interval) = HalfWidth(rest, left, model, calibration);
        return new(
            Estimate.Of(final, mark.Items, Math.Max(floor, final - half), Math.Min(ceiling, final + half)),
            floor, ceiling, rest.Progress, mean, $"{Branch(rest)}; {interval}");
    }

    /// <summary>Mean of the rest, per cent, 0 to 100.</summary>
    public static double RestMean(StudentRest rest, ForecastModel model, RestCurve curve)
    {
        var level = rest.LastMissing ? rest.Mark.Mean : model.Level(rest.Mark.Mean, rest.Mark.Items, curve.Shrinkage);
        return Math.Clamp(curve.Mean(level, rest.Progress, rest.MissingFor), 0, 100);
    }

    private static string Branch(StudentRest rest) =>
        rest.LastMissing ? "latest work missing: share of the own mean" : "latest work handed in: own mean";

    private static (double Half, string Text) HalfWidth(StudentRest rest, double left, ForecastModel model, Calibration calibration)
    {
        if (Bucket(calibration.Residuals, rest.Progress, rest.LastMissing) is { } bucket)
            return (left * bucket.HalfWidth, "90 % interval from finished courses");
        if (!model.IsKnown)
            return (double.NaN, "no interval: neither finished courses nor a class to learn from");
        var ofMean = model.WithinVariance / rest.Mark.Items;
        var variance = rest.RestSquares * model.WithinVariance + left * left * ofMean;
        return (Quantiles.Z95 * Math.Sqrt(variance), "90 % interval from the normal distribution");
    }

    /// <summary>The bucket that holds at this progress; null when it has too few residuals.</summary>
    private static ConformalBucket? Bucket(IReadOnlyList<ConformalBucket> buckets, double progress, bool lastMissing)
    {
        ConformalBucket? best = null;
        for (var i = 0; i < buckets.Count; i++)
        {
            var bucket = buckets[i];
            if (bucket.LastMissing == lastMissing && bucket.From <= progress && !(best?.From > bucket.From))
                best = bucket;
        }

        return best?.N >= ConformalFloor ? best : null;
    }
}
