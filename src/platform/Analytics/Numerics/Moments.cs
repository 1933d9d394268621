namespace Provost.Analytics.Numerics;

/// <summary>Means and sums of squares, two passes (Chan, Golub &amp; LeVeque 1983): stable where a one-pass formula cancels.</summary>
internal static class Moments
{
    public static double Mean(ReadOnlySpan<double> values)
    {
        var sum = 0.0;
        foreach (var value in values)
            sum += value;
        return sum / values.Length;
    }

    /// <summary>Sum of squared deviations from <paramref name="mean"/>.</summary>
    public static double SquaredDeviations(ReadOnlySpan<double> values, double mean)
    {
        var sum = 0.0;
        foreach (var value in values)
            sum += (value - mean) * (value - mean);
        return sum;
    }

    /// <summary>Sample variance, divide by n - 1; NaN below two values.</summary>
    public static double Variance(ReadOnlySpan<double> values) =>
        values.Length < 2 ? double.NaN : SquaredDeviations(values, Mean(values)) / (values.Length - 1);

    /// <summary>
    /// Pearson's correlation; NaN when one of the two does not vary (a spread within rounding of the values counts as none).
    /// </summary>
    public static double Correlation(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        double meanX = Mean(x), meanY = Mean(y), xx = 0, yy = 0, xy = 0;
        for (var i = 0; i < x.Length; i++)
        {
            double dx = x[i] - meanX, dy = y[i] - meanY;
            xx += dx * dx;
            yy += dy * dy;
            xy += dx * dy;
        }

        if (IsRounding(xx, meanX, x.Length) || IsRounding(yy, meanY, y.Length))
            return double.NaN;
        return Math.Clamp(xy / Math.Sqrt(xx * yy), -1, 1);
    }

    /// <summary>True when a sum of squared deviations is no more than rounding errors around the mean leave behind.</summary>
    public static bool IsRounding(double squaredDeviations, double mean, int n) =>
        squaredDeviations <= n * (1e-13 * mean) * (1e-13 * mean);
}
