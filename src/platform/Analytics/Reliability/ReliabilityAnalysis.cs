using Provost.Analytics.Numerics;

namespace Provost.Analytics.Reliability;

/// <summary>Internal consistency. Section 3 of the formulas.</summary>
public static class ReliabilityAnalysis
{
    /// <summary>Items below which nothing is said.</summary>
    public const int ItemFloor = 3;

    /// <summary>Complete cases below which nothing is said.</summary>
    public const int StudentFloor = 20;

    private const string Note =
        "A lower bound of reliability; it rises with the number of items, and says nothing about whether they measure one thing."
        + " With missing work counted 0 it also measures who dropped out.";

    /// <summary>
    /// Cronbach's (1951) alpha = k/(k-1) (1 - sum var_j / var_T) with sample variances over complete cases, not clamped; KR-20
    /// (Kuder &amp; Richardson 1937) when every score is 0 or 100. Feldt (1965): [1-(1-a) F_.975, 1-(1-a) F_.025] with
    /// (n-1), (n-1)(k-1) degrees of freedom.
    /// </summary>
    /// <param name="columns">k arrays of n scores in per cent; NaN = not there (the student is left out).</param>
    public static Estimate Alpha(IReadOnlyList<double[]> columns) => AlphaOf(new CovarianceSums(columns));

    /// <summary>Reliability when the test is made <paramref name="factor"/> times as long: m a / (1 + (m-1) a) (Spearman 1910, Brown 1910).</summary>
    public static double SpearmanBrown(double alpha, double factor) => factor * alpha / (1 + (factor - 1) * alpha);

    /// <param name="graded">k arrays of n scores, NaN unless graded: complete cases.</param>
    /// <param name="missingAsZero">The same with missing = 0.</param>
    internal static (ReliabilityStatistics Reliability, Estimate[] IfDeleted) Of(
        IReadOnlyList<double[]> graded, IReadOnlyList<double[]> missingAsZero)
    {
        CovarianceSums sums = new(graded), zeros = new(missingAsZero);
        Estimate alpha = AlphaOf(sums), withZeros = AlphaOf(zeros);
        var error = alpha.HasValue || !withZeros.HasValue ? StandardError(alpha, sums) : StandardError(withZeros, zeros);
        var twice = alpha.HasValue ? Estimate.Of(SpearmanBrown(alpha.Value, 2), sums.N) : alpha;
        var deleted = new Estimate[sums.K];
        for (var j = 0; j < deleted.Length; j++)
            deleted[j] = alpha.HasValue ? Estimate.Of(sums.AlphaWithout(j), sums.N) : alpha;
        return (new(alpha, withZeros, error, twice, sums.K, sums.Dichotomous, Note), deleted);
    }

    /// <summary>s_T sqrt(1 - alpha) of the mean of the items, points of 100.</summary>
    private static Estimate StandardError(Estimate alpha, CovarianceSums sums) => alpha.HasValue
        ? Estimate.Of(Math.Sqrt(sums.TotalVariance) / sums.K * Math.Sqrt(1 - alpha.Value), sums.N)
        : alpha;

    private static Estimate AlphaOf(CovarianceSums sums)
    {
        if (sums.K < ItemFloor)
            return Estimate.Needs(ItemFloor, "items", sums.K);
        if (sums.N < StudentFloor)
            return Estimate.Needs(StudentFloor, "students with every item", sums.N);
        var alpha = sums.Alpha;
        if (double.IsNaN(alpha))
            return Estimate.None(sums.N, "undefined: the totals do not vary");
        double d1 = sums.N - 1, d2 = d1 * (sums.K - 1);
        return Estimate.Of(
            alpha, sums.N, 1 - (1 - alpha) * Quantiles.Fisher(0.975, d1, d2), 1 - (1 - alpha) * Quantiles.Fisher(0.025, d1, d2));
    }
}
