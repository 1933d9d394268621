namespace Provost.Analytics.Numerics;

/// <summary>Tails and quantiles of the normal, Student's and Fisher's distribution.</summary>
internal static class Quantiles
{
    /// <summary>Standard normal quantile at .975.</summary>
    public const double Z975 = 1.959963984540054;

    /// <summary>Standard normal quantile at .95.</summary>
    public const double Z95 = 1.6448536269514722;

    private const double SquareRootOfPi = 1.7724538509055160273;

    /// <summary>
    /// P(|Z| > z) = erfc(z / sqrt 2), z >= 0: series DLMF 7.6.2 below 3 (in z/sqrt 2: 2.1), continued fraction DLMF 7.9.1 above.
    /// </summary>
    public static double NormalTwoSided(double z)
    {
        if (double.IsNaN(z))
            return z;
        var x = Math.Abs(z) / 1.4142135623730951;
        if (x > 27)
            return 0;
        var density = Elementary.Exp(-x * x) / SquareRootOfPi;
        return x < 2 ? 1 - 2 * density * ErfSeries(x) : density * ErfcFraction(x);
    }

    /// <summary>Student's t quantile, 0.5 &lt; p &lt; 1: I_x(df/2, 1/2) = 2 (1 - p) with x = df / (df + t^2) (DLMF 8.17, A&amp;S 26.7.1).</summary>
    public static double Student(double p, double df)
    {
        var x = InverseBeta(2 * (1 - p), df / 2, 0.5);
        return Math.Sqrt(df * (1 - x) / x);
    }

    /// <summary>Student's t quantile at .975. From a table that fills itself: a class asks for few degrees of freedom.</summary>
    public static double Student975(int df)
    {
        if (df >= Table.Length)
            return Student(0.975, df);
        if (Table[df] == 0)
            Table[df] = Student(0.975, df);
        return Table[df];
    }

    private static readonly double[] Table = new double[2048];

    /// <summary>Fisher's F quantile: I_x(d1/2, d2/2) = p, F = d2 x / (d1 (1 - x)) (A&amp;S 26.6.2).</summary>
    public static double Fisher(double p, double d1, double d2)
    {
        var x = InverseBeta(p, d1 / 2, d2 / 2);
        return d2 * x / (d1 * (1 - x));
    }

    /// <summary>x with I_x(a, b) = p: Newton's steps kept inside a shrinking bracket; halves the bracket when a step leaves it.</summary>
    internal static double InverseBeta(double p, double a, double b)
    {
        double low = 0, high = 1, x = a / (a + b);
        for (var i = 0; i < 200; i++)
        {
            var error = Gamma.IncompleteBeta(x, a, b) - p;
            if (error > 0)
                high = x;
            else
                low = x;
            var next = x - error / Elementary.Exp(Gamma.LogBetaDensity(x, a, b));
            if (!(next > low && next < high))
                next = low + (high - low) / 2;
            if (Math.Abs(next - x) <= 4e-16 * x)
                return next;
            x = next;
        }

        return x;
    }

    private static double ErfSeries(double x)
    {
        double term = x, sum = x;
        for (var n = 1; n < 200; n++)
        {
            term *= 2 * x * x / (2 * n + 1);
            sum += term;
            if (term < 1e-17 * sum)
                break;
        }

        return sum;
    }

    private static double ErfcFraction(double x)
    {
        var fraction = x;
        for (var n = 120; n >= 1; n--)
            fraction = x + n / 2.0 / fraction;
        return 1 / fraction;
    }
}
