using Provost.Analytics.Items;
using Provost.Analytics.Numerics;

namespace Provost.Analytics.Reliability;

/// <summary>Variances of k items and of their sum over complete cases, and the covariance of each item with the sum: all that alpha needs.</summary>
internal sealed class CovarianceSums
{
    private readonly double[] variances;
    private readonly double[] withTotal;

    public CovarianceSums(IReadOnlyList<double[]> columns)
    {
        K = columns.Count;
        variances = new double[K];
        withTotal = new double[K];
        var rows = CompleteRows(columns);
        N = rows.Length;
        if (N < 2)
            return;
        var totals = new double[N];
        foreach (var column in columns)
        {
            for (var r = 0; r < N; r++)
                totals[r] += column[rows[r]];
        }

        var mean = Moments.Mean(totals);
        var squares = Moments.SquaredDeviations(totals, mean);
        TotalVariance = Moments.IsRounding(squares, mean, N) ? 0 : squares / (N - 1);
        Dichotomous = K > 0;
        for (var j = 0; j < K; j++)
            Accumulate(columns[j], rows, totals, mean, j);
    }

    public int K { get; }

    /// <summary>Complete cases.</summary>
    public int N { get; }

    public double TotalVariance { get; }

    /// <summary>Every score is 0 or 100.</summary>
    public bool Dichotomous { get; private set; }

    public double Alpha => Of(K, variances.Sum(), TotalVariance);

    /// <summary>Alpha of the other items: var(T - x) = var T - 2 cov(T, x) + var x.</summary>
    public double AlphaWithout(int item) =>
        Of(K - 1, variances.Sum() - variances[item], TotalVariance - 2 * withTotal[item] + variances[item]);

    private static double Of(int k, double sum, double total) => total > 0 ? k / (k - 1.0) * (1 - sum / total) : double.NaN;

    private void Accumulate(double[] column, int[] rows, double[] totals, double totalMean, int item)
    {
        var values = new double[rows.Length];
        for (var r = 0; r < rows.Length; r++)
            values[r] = column[rows[r]];
        Dichotomous &= ItemAnalysis.IsDichotomous(values);
        var mean = Moments.Mean(values);
        for (var r = 0; r < values.Length; r++)
        {
            variances[item] += (values[r] - mean) * (values[r] - mean);
            withTotal[item] += (values[r] - mean) * (totals[r] - totalMean);
        }

        variances[item] /= values.Length - 1;
        withTotal[item] /= values.Length - 1;
    }

    private static int[] CompleteRows(IReadOnlyList<double[]> columns)
    {
        var rows = new List<int>();
        for (var i = 0; columns.Count > 0 && i < columns[0].Length; i++)
        {
            var complete = true;
            for (var j = 0; j < columns.Count && complete; j++)
                complete = !double.IsNaN(columns[j][i]);
            if (complete)
                rows.Add(i);
        }

        return [.. rows];
    }
}
