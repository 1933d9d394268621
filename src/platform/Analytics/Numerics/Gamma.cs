namespace Provost.Analytics.Numerics;

/// <summary>The gamma and beta functions as far as confidence intervals need them.</summary>
internal static class Gamma
{
    private const double HalfLogTwoPi = 0.91893853320467274178;

    /// <summary>ln Gamma(x), x > 0: recurrence up to x >= 15, then Stirling's series (DLMF 5.11.1).</summary>
    public static double Log(double x)
    {
        var product = 1.0;
        while (x < 15)
            product *= x++;
        var square = 1 / (x * x);
        var series = (1.0 / 12 - square * (1.0 / 360 - square * (1.0 / 1260 - square * (1.0 / 1680 - square * (1.0 / 1188
            - square * (691.0 / 360360 - square / 156)))))) / x;
        return (x - 0.5) * Elementary.Log(x) - x + HalfLogTwoPi + series - Elementary.Log(product);
    }

    /// <summary>Regularised incomplete beta I_x(a, b): continued fraction DLMF 8.17.22 by Lentz's method.</summary>
    public static double IncompleteBeta(double x, double a, double b)
    {
        if (x <= 0)
            return 0;
        if (x >= 1)
            return 1;
        var front = Elementary.Exp(LogBetaDensity(x, a, b) + Elementary.Log(x) + Elementary.Log(1 - x));
        return x < (a + 1) / (a + b + 2)
            ? front * BetaFraction(x, a, b) / a
            : 1 - front * BetaFraction(1 - x, b, a) / b;
    }

    /// <summary>ln of the beta density x^(a-1) (1-x)^(b-1) / B(a, b).</summary>
    public static double LogBetaDensity(double x, double a, double b) =>
        Log(a + b) - Log(a) - Log(b) + (a - 1) * Elementary.Log(x) + (b - 1) * Elementary.Log(1 - x);

    /// <summary>The continued fraction's value, without the factor in front.</summary>
    private static double BetaFraction(double x, double a, double b)
    {
        const double tiny = 1e-300;
        var c = 1.0;
        var d = Reciprocal(1 - (a + b) * x / (a + 1));
        var value = d;
        for (var m = 1; m <= 20_000; m++)
        {
            var even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
            d = Reciprocal(1 + even * d);
            c = NotZero(1 + even / c);
            value *= d * c;
            var odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
            d = Reciprocal(1 + odd * d);
            c = NotZero(1 + odd / c);
            var factor = d * c;
            value *= factor;
            if (Math.Abs(factor - 1) < 3e-16)
                break;
        }

        return value;

        static double NotZero(double v) => Math.Abs(v) < tiny ? tiny : v;
        static double Reciprocal(double v) => 1 / NotZero(v);
    }
}
