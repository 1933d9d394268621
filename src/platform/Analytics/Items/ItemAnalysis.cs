using Provost.Analytics.Numerics;

namespace Provost.Analytics.Items;

/// <summary>Classical item analysis. Section 2 of the formulas.</summary>
public static class ItemAnalysis
{
    /// <summary>Students below which nothing is said.</summary>
    public const int Floor = 20;

    /// <summary>Pearson's correlation of the item with the mean of the other items; 95 % interval tanh(artanh r +- 1.96/sqrt(n-3)) (Fisher 1921).</summary>
    /// <param name="item">n scores, per cent; a student with NaN here or in <paramref name="rest"/> is left out.</param>
    /// <param name="rest">n means of the other items, per cent.</param>
    public static Estimate Discrimination(ReadOnlySpan<double> item, ReadOnlySpan<double> rest)
    {
        var (x, y) = Pairs(item, rest);
        if (x.Length < Floor)
            return Estimate.Needs(Floor, "students", x.Length);
        return FisherInterval(Moments.Correlation(x, y), x.Length);
    }

    /// <summary>
    /// Point-biserial r = (M1 - M0)/s_n sqrt(p q) of a 0/100 item with the total that contains it (s_n divides by n), corrected by
    /// Henrysson (1963): (r s_T - s_j)/sqrt(s_T^2 + s_j^2 - 2 r s_T s_j).
    /// </summary>
    /// <param name="item">n scores, each 0 or 100 per cent; NaN = left out.</param>
    /// <param name="total">n totals of k items that contain the item: sums of per cents.</param>
    public static Estimate PointBiserial(ReadOnlySpan<double> item, ReadOnlySpan<double> total)
    {
        var (x, y) = Pairs(item, total);
        if (!IsDichotomous(x))
            return Estimate.None(x.Length, "scores other than 0 and 100 %");
        if (x.Length < Floor)
            return Estimate.Needs(Floor, "students", x.Length);
        double right = 0, sum1 = 0, sum0 = 0;
        for (var i = 0; i < x.Length; i++)
        {
            right += x[i] > 0 ? 1 : 0;
            sum1 += x[i] > 0 ? y[i] : 0;
            sum0 += x[i] > 0 ? 0 : y[i];
        }

        double n = x.Length, p = right / n, q = 1 - p;
        if (p == 0 || q == 0)
            return Estimate.None(x.Length, "undefined: the scores do not vary");
        var deviation = Math.Sqrt(Moments.SquaredDeviations(y, Moments.Mean(y)) / n);
        var r = (sum1 / right - sum0 / (n - right)) / deviation * Math.Sqrt(p * q);
        var itemDeviation = 100 * Math.Sqrt(p * q);
        var rest = deviation * deviation + itemDeviation * itemDeviation - 2 * r * deviation * itemDeviation;
        return FisherInterval((r * deviation - itemDeviation) / Math.Sqrt(rest), x.Length);
    }

    /// <summary>
    /// Kelley's (1939) D: facility among the top 27 % by total less that among the bottom 27 %. Students tied at a border count
    /// with the fraction that fits, so that their order does not matter.
    /// </summary>
    /// <param name="item">n scores, per cent; NaN = left out.</param>
    /// <param name="total">n totals.</param>
    public static Estimate UpperLower(ReadOnlySpan<double> item, ReadOnlySpan<double> total)
    {
        var (x, y) = Pairs(item, total);
        if (x.Length < Floor)
            return Estimate.Needs(Floor, "students", x.Length);
        Array.Sort(y, x);
        var size = 0.27 * x.Length;
        var bottom = GroupMean(x, y, size, fromTop: false);
        var top = GroupMean(x, y, size, fromTop: true);
        return Estimate.Of((top - bottom) / 100, x.Length);
    }

    /// <summary>Mean score / maximum over those who have a score, 0 to 1, with Student's 95 % interval.</summary>
    /// <param name="scores">n scores, per cent; NaN = none.</param>
    public static Estimate Facility(ReadOnlySpan<double> scores)
    {
        var values = OrderStatistics.Sorted(scores);
        var n = values.Length;
        if (n == 0)
            return Estimate.None(0, "no scores");
        var mean = Moments.Mean(values) / 100;
        if (n == 1)
            return Estimate.Of(mean, 1);
        var half = Quantiles.Student975(n - 1) * Math.Sqrt(Moments.Variance(values) / n) / 100;
        return Estimate.Of(mean, n, mean - half, mean + half);
    }

    internal static bool IsDichotomous(ReadOnlySpan<double> values)
    {
        foreach (var value in values)
        {
            if (value is not (0 or 100))
                return false;
        }

        return values.Length > 0;
    }

    private static Estimate FisherInterval(double r, int n)
    {
        if (double.IsNaN(r))
            return Estimate.None(n, "undefined: the scores do not vary");
        if (Math.Abs(r) >= 1)
            return Estimate.Of(r, n, r, r);
        var (z, half) = (Elementary.Artanh(r), Quantiles.Z975 / Math.Sqrt(n - 3));
        return Estimate.Of(r, n, Elementary.Tanh(z - half), Elementary.Tanh(z + half));
    }

    /// <summary>Mean of x over the outermost <paramref name="size"/> (may be fractional) students by ascending y.</summary>
    private static double GroupMean(double[] x, double[] y, double size, bool fromTop)
    {
        double taken = 0, sum = 0;
        var n = y.Length;
        for (var at = 0; at < n && taken < size;)
        {
            var end = at;
            double tied = 0;
            while (end < n && y[Place(end)] == y[Place(at)])
                tied += x[Place(end++)];
            var part = Math.Min(1, (size - taken) / (end - at));
            sum += part * tied;
            taken += part * (end - at);
            at = end;
        }

        return sum / size;

        int Place(int i) => fromTop ? n - 1 - i : i;
    }

    private static (double[] X, double[] Y) Pairs(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        var n = 0;
        for (var i = 0; i < a.Length; i++)
            n += double.IsNaN(a[i]) || double.IsNaN(b[i]) ? 0 : 1;
        double[] x = new double[n], y = new double[n];
        n = 0;
        for (var i = 0; i < a.Length; i++)
        {
            if (double.IsNaN(a[i]) || double.IsNaN(b[i]))
                continue;
            x[n] = a[i];
            y[n++] = b[i];
        }

        return (x, y);
    }
}
