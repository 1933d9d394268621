using Provost.Analytics.Numerics;

namespace Provost.Analytics.Trends;

/// <summary>Slopes of short series. Section 5 of the formulas.</summary>
public static class TrendAnalysis
{
    /// <summary>Points below which nothing is said.</summary>
    public const int Floor = 4;

    /// <summary>
    /// Theil-Sen slope (Theil 1950, Sen 1968) with Sen's 95 % interval, Mann-Kendall p (Kendall 1970, ties in both), OLS beside it.
    /// The interval takes the order statistics (N-C)/2 and (N+C)/2 + 1, rounded, of the N slopes, C = 1.96 sqrt V; when these lie
    /// outside of the N slopes (always at 4 points) there is no 95 % interval, and no word is said. Breakdown point 29 %.
    /// </summary>
    /// <param name="times">m times, weeks, ascending; equal times are not compared.</param>
    /// <param name="values">m values, points.</param>
    /// <param name="perWeek">False when times are only positions.</param>
    public static Trend Of(ReadOnlySpan<double> times, ReadOnlySpan<double> values, bool perWeek = true) =>
        Of(times, values, perWeek, new double[times.Length * (times.Length - 1) / 2]);

    /// <param name="slopes">Room for m (m - 1) / 2 slopes.</param>
    internal static Trend Of(ReadOnlySpan<double> times, ReadOnlySpan<double> values, bool perWeek, Span<double> slopes)
    {
        var m = times.Length;
        if (m < Floor)
        {
            var none = Estimate.Needs(Floor, "graded items", m);
            return new(none, none, double.NaN, TrendDirection.Unclear, perWeek);
        }

        var pairs = Pairs.Of(times, values, slopes);
        if (pairs.Count == 0)
        {
            var none = Estimate.None(m, "undefined: all items fall on one day");
            return new(none, none, double.NaN, TrendDirection.Unclear, perWeek);
        }

        var slope = SenInterval(slopes[..pairs.Count], pairs.Variance, m);
        var direction = slope switch
        {
            { HasInterval: true, Low: > 0 } => TrendDirection.Rising,
            { HasInterval: true, High: < 0 } => TrendDirection.Falling,
            _ => TrendDirection.Unclear,
        };
        return new(slope, LeastSquares(times, values), MannKendallP(pairs.Score, pairs.Variance), direction, perWeek);
    }

    /// <summary>OLS slope with Student's 95 % interval, m - 2 degrees of freedom.</summary>
    /// <param name="times">m times.</param>
    /// <param name="values">m values.</param>
    public static Estimate LeastSquares(ReadOnlySpan<double> times, ReadOnlySpan<double> values)
    {
        var m = times.Length;
        if (m < Floor)
            return Estimate.Needs(Floor, "graded items", m);
        double meanT = Moments.Mean(times), meanV = Moments.Mean(values), tt = 0, tv = 0, squares = 0;
        for (var i = 0; i < m; i++)
        {
            tt += (times[i] - meanT) * (times[i] - meanT);
            tv += (times[i] - meanT) * (values[i] - meanV);
        }

        if (tt <= 0)
            return Estimate.None(m, "undefined: all items fall on one day");
        var slope = tv / tt;
        for (var i = 0; i < m; i++)
        {
            var residual = values[i] - meanV - slope * (times[i] - meanT);
            squares += residual * residual;
        }

        var half = Quantiles.Student975(m - 2) * Math.Sqrt(squares / (m - 2) / tt);
        return Estimate.Of(slope, m, slope - half, slope + half);
    }

    /// <summary>Median and the two order statistics around it, each by selection within what the last one left.</summary>
    private static Estimate SenInterval(Span<double> slopes, double variance, int m)
    {
        var n = slopes.Length;
        var median = OrderStatistics.Median(slopes);
        var c = Quantiles.Z975 * Math.Sqrt(variance);
        var low = (int)Math.Round((n - c) / 2, MidpointRounding.ToEven);
        var high = (int)Math.Round((n + c) / 2, MidpointRounding.ToEven) + 1;
        if (low < 1 || high > n)
            return Estimate.Of(median, m);
        var half = n / 2;
        var lower = low <= half ? OrderStatistics.Select(slopes[..half], low - 1) : OrderStatistics.Select(slopes, low - 1);
        var upper = high > half ? OrderStatistics.Select(slopes[half..], high - 1 - half) : OrderStatistics.Select(slopes, high - 1);
        return Estimate.Of(median, m, lower, upper);
    }

    /// <summary>Two-sided p with the continuity correction (|S| - 1)/sqrt V.</summary>
    private static double MannKendallP(int score, double variance) =>
        variance <= 0 ? 1 : Quantiles.NormalTwoSided(Math.Max(0, Math.Abs(score) - 1) / Math.Sqrt(variance));
}
