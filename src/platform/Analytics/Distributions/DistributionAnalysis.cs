using Provost.Analytics.Numerics;

namespace Provost.Analytics.Distributions;

/// <summary>Describes a set of values. Section 4 of the formulas.</summary>
public static class DistributionAnalysis
{
    private const int Bins = 20;
    private const int ShapeFloor = 8;
    private const int TestFloor = 20;

    /// <summary>
    /// Everything about n values: location and spread, shape with standard errors (Joanes &amp; Gill 1998), normality
    /// (D'Agostino &amp; Pearson 1973), bimodality (SAS, Pfister et al. 2013), outliers, ceiling and floor.
    /// </summary>
    /// <param name="values">n values in per cent, any order; NaN = not there.</param>
    public static Distribution Of(ReadOnlySpan<double> values)
    {
        var sorted = OrderStatistics.Sorted(values);
        var n = sorted.Length;
        var shape = new Shape(sorted);
        var skewness = Skewness(shape);
        var kurtosis = Kurtosis(shape);
        var normality = NormalityTest.DAgostinoPearson(shape, TestFloor);
        var bimodality = Bimodality(shape);
        var outliers = n < ShapeFloor ? [] : OutliersOf(values, sorted);
        var ceiling = n == 0 ? 0 : (double)(n - OrderStatistics.LowerBound(sorted, 95)) / n;
        var floor = n == 0 ? 0 : (double)OrderStatistics.UpperBound(sorted, 5) / n;
        var (minimum, maximum, counts) = Histogram(sorted);
        return new(
            n, minimum, maximum, counts, MeanOf(shape), MedianOf(sorted), Spread(shape), Quartiles(sorted), skewness, kurtosis,
            normality, bimodality, outliers, ceiling, floor,
            DistributionFlags.Of(n, shape, skewness, kurtosis, bimodality, outliers.Length, ceiling, floor));
    }

    /// <summary>Mean with Student's 95 % interval mean +- t s / sqrt n.</summary>
    internal static Estimate MeanOf(Shape shape)
    {
        if (shape.N == 0)
            return Estimate.None(0, "no values");
        if (shape.N == 1)
            return Estimate.Of(shape.Mean, 1);
        var half = Quantiles.Student975(shape.N - 1) * shape.StandardDeviation / Math.Sqrt(shape.N);
        return Estimate.Of(shape.Mean, shape.N, shape.Mean - half, shape.Mean + half);
    }

    /// <summary>Median; interval between the order statistics n/2 -+ 0.98 sqrt n (Conover 1999, ch. 3.2), from n = 6.</summary>
    private static Estimate MedianOf(double[] sorted)
    {
        var n = sorted.Length;
        if (n == 0)
            return Estimate.None(0, "no values");
        var median = OrderStatistics.Quantile(sorted, 0.5);
        if (n < 6)
            return Estimate.Of(median, n);
        var half = Quantiles.Z975 * Math.Sqrt(n) / 2;
        var low = Math.Max(1, (int)Math.Floor(n / 2.0 - half));
        var high = Math.Min(n, (int)Math.Ceiling(n / 2.0 + half) + 1);
        return Estimate.Of(median, n, sorted[low - 1], sorted[high - 1]);
    }

    private static Estimate Spread(Shape shape) => shape.N < 2
        ? Estimate.Needs(2, "values", shape.N)
        : Estimate.Of(shape.StandardDeviation, shape.N);

    private static Estimate Quartiles(double[] sorted)
    {
        if (sorted.Length < 4)
            return Estimate.Needs(4, "values", sorted.Length);
        double q1 = OrderStatistics.Quantile(sorted, 0.25), q3 = OrderStatistics.Quantile(sorted, 0.75);
        return Estimate.Of(q3 - q1, sorted.Length, q1, q3);
    }

    private static Estimate Skewness(Shape shape)
    {
        if (shape.N < ShapeFloor)
            return Estimate.Needs(ShapeFloor, "values", shape.N);
        var half = Quantiles.Z975 * shape.SkewnessError;
        return Estimate.Of(shape.G1, shape.N, shape.G1 - half, shape.G1 + half);
    }

    private static Estimate Kurtosis(Shape shape)
    {
        if (shape.N < ShapeFloor)
            return Estimate.Needs(ShapeFloor, "values", shape.N);
        var half = Quantiles.Z975 * shape.KurtosisError;
        return Estimate.Of(shape.G2, shape.N, shape.G2 - half, shape.G2 + half);
    }

    /// <summary>(G1^2 + 1) / (G2 + 3 (n-1)^2 / ((n-2)(n-3))).</summary>
    private static Estimate Bimodality(Shape shape)
    {
        double n = shape.N;
        return shape.N < TestFloor
            ? Estimate.Needs(TestFloor, "values", shape.N)
            : Estimate.Of((shape.G1 * shape.G1 + 1) / (shape.G2 + 3 * (n - 1) * (n - 1) / ((n - 2) * (n - 3))), shape.N);
    }

    /// <summary>Outside Q1 - 1.5 IQR ... Q3 + 1.5 IQR (Tukey 1977), or modified z above 3.5 (Iglewicz &amp; Hoaglin 1993).</summary>
    private static int[] OutliersOf(ReadOnlySpan<double> values, double[] sorted)
    {
        double q1 = OrderStatistics.Quantile(sorted, 0.25), q3 = OrderStatistics.Quantile(sorted, 0.75);
        var median = OrderStatistics.Quantile(sorted, 0.5);
        var deviations = new double[sorted.Length];
        for (var i = 0; i < sorted.Length; i++)
            deviations[i] = Math.Abs(sorted[i] - median);
        var mad = OrderStatistics.Median(deviations);
        double low = q1 - 1.5 * (q3 - q1), high = q3 + 1.5 * (q3 - q1);
        var found = new List<int>();
        for (var i = 0; i < values.Length; i++)
        {
            var modified = mad > 0 ? 0.6745 * Math.Abs(values[i] - median) / mad : 0;
            if (q3 > q1 && (values[i] < low || values[i] > high) || modified > 3.5)
                found.Add(i);
        }

        return [.. found];
    }

    private static (double Minimum, double Maximum, int[] Counts) Histogram(double[] sorted)
    {
        var minimum = sorted.Length > 0 ? Math.Min(0, sorted[0]) : 0;
        var maximum = sorted.Length > 0 ? Math.Max(100, sorted[^1]) : 100;
        var counts = new int[Bins];
        foreach (var value in sorted)
            counts[Math.Min(Bins - 1, (int)((value - minimum) / (maximum - minimum) * Bins))]++;
        return (minimum, maximum, counts);
    }
}
