using Provost.Analytics.Numerics;

namespace Provost.Analytics.Distributions;

/// <summary>Moments of n ascending values (sorted first, so that the input's order cannot change a bit).</summary>
internal readonly struct Shape
{
    public Shape(double[] sorted)
    {
        N = sorted.Length;
        if (N == 0)
            return;
        Mean = Moments.Mean(sorted);
        double m2 = 0, m3 = 0, m4 = 0;
        foreach (var value in sorted)
        {
            var d = value - Mean;
            var square = d * d;
            m2 += square;
            m3 += square * d;
            m4 += square * square;
        }

        Varies = !Moments.IsRounding(m2, Mean, N);
        StandardDeviation = N > 1 ? Math.Sqrt(m2 / (N - 1)) : double.NaN;
        m2 /= N;
        m3 /= N;
        m4 /= N;
        G1Population = Varies ? m3 / (m2 * Math.Sqrt(m2)) : double.NaN;
        B2 = Varies ? m4 / (m2 * m2) : double.NaN;
    }

    private Shape(int n, double skewness, double kurtosis)
    {
        N = n;
        Varies = true;
        G1Population = skewness;
        B2 = kurtosis;
    }

    public int N { get; }
    public double Mean { get; }

    /// <summary>Divide by n - 1.</summary>
    public double StandardDeviation { get; }

    /// <summary>False when all values are equal: shape is undefined then.</summary>
    public bool Varies { get; }

    /// <summary>m3 / m2^1.5.</summary>
    public double G1Population { get; }

    /// <summary>m4 / m2^2.</summary>
    public double B2 { get; }

    /// <summary>The shape that a publication states.</summary>
    internal static Shape Given(int n, double skewness, double kurtosis) => new(n, skewness, kurtosis);

    /// <summary>Skewness G1 = sqrt(n(n-1))/(n-2) m3/m2^1.5 (Joanes &amp; Gill 1998).</summary>
    public double G1 => Math.Sqrt((double)N * (N - 1)) / (N - 2) * G1Population;

    /// <summary>Excess kurtosis G2 = (n-1)/((n-2)(n-3)) [(n+1)(m4/m2^2 - 3) + 6] (Joanes &amp; Gill 1998).</summary>
    public double G2 => (N - 1.0) / ((N - 2.0) * (N - 3.0)) * ((N + 1.0) * (B2 - 3) + 6);

    /// <summary>sqrt(6n(n-1)/((n-2)(n+1)(n+3))).</summary>
    public double SkewnessError => Math.Sqrt(6.0 * N * (N - 1.0) / ((N - 2.0) * (N + 1.0) * (N + 3.0)));

    /// <summary>2 SE_skew sqrt((n^2-1)/((n-3)(n+5))).</summary>
    public double KurtosisError => 2 * SkewnessError * Math.Sqrt(((double)N * N - 1) / ((N - 3.0) * (N + 5.0)));
}
