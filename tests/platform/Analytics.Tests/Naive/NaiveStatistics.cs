namespace Provost.Analytics.Tests.Naive;

/// <summary>The formulas of analytics.md typed straight from the page, without any thought of speed: the second opinion.</summary>
internal static class NaiveStatistics
{
    public static double Mean(double[] x) => x.Sum() / x.Length;

    public static double Moment(double[] x, int power) => x.Sum(v => Math.Pow(v - Mean(x), power)) / x.Length;

    public static double Sd(double[] x) => Math.Sqrt(x.Sum(v => Math.Pow(v - Mean(x), 2)) / (x.Length - 1));

    public static double Covariance(double[] x, double[] y) => x.Zip(y, (a, b) => (a - Mean(x)) * (b - Mean(y))).Sum() / (x.Length - 1);

    public static double Correlation(double[] x, double[] y) => Covariance(x, y) / (Sd(x) * Sd(y));

    public static double Median(IEnumerable<double> x)
    {
        var s = x.Order().ToArray();
        return s.Length % 2 == 1 ? s[s.Length / 2] : (s[s.Length / 2 - 1] + s[s.Length / 2]) / 2;
    }

    public static double Skewness(double[] x)
    {
        double n = x.Length;
        return Math.Sqrt(n * (n - 1)) / (n - 2) * Moment(x, 3) / Math.Pow(Moment(x, 2), 1.5);
    }

    public static double Kurtosis(double[] x)
    {
        double n = x.Length;
        return (n - 1) / ((n - 2) * (n - 3)) * ((n + 1) * (Moment(x, 4) / Math.Pow(Moment(x, 2), 2) - 3) + 6);
    }

    /// <summary>Alpha from the covariance matrix: k/(k-1) (1 - trace / sum of all entries).</summary>
    public static double Alpha(double[][] items)
    {
        double k = items.Length, trace = 0, all = 0;
        foreach (var a in items)
        {
            foreach (var b in items)
                all += Covariance(a, b);
            trace += Covariance(a, a);
        }

        return k / (k - 1) * (1 - trace / all);
    }

    public static (double Slope, double Low, double High) TheilSen(double[] t, double[] y)
    {
        var slopes = new List<double>();
        for (var j = 0; j < t.Length; j++)
        {
            for (var l = j + 1; l < t.Length; l++)
            {
                if (t[l] != t[j])
                    slopes.Add((y[l] - y[j]) / (t[l] - t[j]));
            }
        }

        slopes.Sort();
        double m = t.Length;
        var v = (m * (m - 1) * (2 * m + 5) - y.GroupBy(x => x).Sum(g => (double)g.Count() * (g.Count() - 1) * (2 * g.Count() + 5))) / 18;
        var c = 1.959963984540054 * Math.Sqrt(v);
        int low = (int)Math.Round((slopes.Count - c) / 2), high = (int)Math.Round((slopes.Count + c) / 2) + 1;
        return low < 1 || high > slopes.Count
            ? (Median(slopes), double.NaN, double.NaN)
            : (Median(slopes), slopes[low - 1], slopes[high - 1]);
    }

    /// <summary>P(|Z| > z) by Simpson's rule over the density.</summary>
    public static double NormalTwoSided(double z)
    {
        const int steps = 20_000;
        var h = z / steps;
        var sum = 0.0;
        for (var i = 0; i <= steps; i++)
            sum += (i == 0 || i == steps ? 1 : i % 2 == 1 ? 4 : 2) * Math.Exp(-i * h * i * h / 2);
        return 1 - 2 * sum * h / 3 / Math.Sqrt(2 * Math.PI);
    }

    public static double MannKendallP(double[] t, double[] y)
    {
        var s = 0;
        for (var j = 0; j < t.Length; j++)
        {
            for (var l = j + 1; l < t.Length; l++)
                s += Math.Sign(y[l] - y[j]);
        }

        double m = t.Length;
        var v = (m * (m - 1) * (2 * m + 5) - y.GroupBy(x => x).Sum(g => (double)g.Count() * (g.Count() - 1) * (2 * g.Count() + 5))) / 18;
        return v == 0 ? 1 : NormalTwoSided(Math.Max(0, Math.Abs(s) - 1) / Math.Sqrt(v));
    }

    /// <summary>Percentile rank (below + 0.5 ties) / n.</summary>
    public static double MidRank(double[] all, double value) =>
        (all.Count(v => v < value) + 0.5 * all.Count(v => v == value)) / all.Length;
}
