namespace Provost.Analytics.Numerics;

/// <summary>
/// exp and log from +, -, x, / and bit patterns only. <see cref="Math.Exp"/> and <see cref="Math.Log(double)"/> call the
/// platform's C library (glibc on the server, musl in WebAssembly), and those differ in the last bits; these do not.
/// Within 2 ulp of the true value.
/// </summary>
internal static class Elementary
{
    // ln 2 in two parts; the first has 21 trailing zero bits, so k * Ln2High is exact for |k| < 2^20 (Cody & Waite 1980, ch. 6).
    private const double Ln2High = 6.93147180369123816490e-01;
    private const double Ln2Low = 1.90821492927058770002e-10;
    private const double InverseLn2 = 1.44269504088896338700;

    /// <summary>e^x: x = k ln 2 + r, |r| &lt;= ln 2 / 2, Taylor series in r to degree 13 (remainder below 5e-18).</summary>
    public static double Exp(double x)
    {
        if (double.IsNaN(x))
            return x;
        if (x > 709.782712893384)
            return double.PositiveInfinity;
        if (x < -745.1332191019412)
            return 0;
        var k = Math.Round(x * InverseLn2);
        var r = x - k * Ln2High - k * Ln2Low;
        var sum = 1.0;
        for (var i = 13; i >= 1; i--)
            sum = 1 + r * sum / i;
        return Math.ScaleB(sum, (int)k);
    }

    /// <summary>
    /// ln x: x = 2^k (1 + f), sqrt(1/2) &lt;= 1 + f &lt; sqrt 2, s = f / (2 + f), ln(1 + f) = 2 artanh s
    /// (Abramowitz &amp; Stegun 4.1.27), arranged as f - (f^2/2 - s (f^2/2 + R)) to keep the leading term exact.
    /// </summary>
    public static double Log(double x)
    {
        if (double.IsNaN(x) || x < 0)
            return double.NaN;
        if (x == 0)
            return double.NegativeInfinity;
        if (double.IsPositiveInfinity(x))
            return x;
        var k = Math.ILogB(x);
        var m = Math.ScaleB(x, -k);
        if (m >= 1.4142135623730951)
        {
            m /= 2;
            k++;
        }

        var f = m - 1;
        var s = f / (2 + f);
        var z = s * s;
        var series = 0.0;
        for (var i = 23; i >= 3; i -= 2)
            series = z * (2.0 / i + series);
        var half = f * f / 2;
        return k * Ln2High - (half - (s * (half + series) + k * Ln2Low) - f);
    }

    /// <summary>artanh x = ln((1 + x) / (1 - x)) / 2; infinite at +-1.</summary>
    public static double Artanh(double x) => 0.5 * Log((1 + x) / (1 - x));

    /// <summary>tanh x, through e^(2x).</summary>
    public static double Tanh(double x)
    {
        if (x > 20)
            return 1;
        if (x < -20)
            return -1;
        var e = Exp(2 * x);
        return (e - 1) / (e + 1);
    }

    /// <summary>Real cube root: through the logarithm, then one Newton step to full precision.</summary>
    public static double CubeRoot(double x)
    {
        if (x == 0 || !double.IsFinite(x))
            return x;
        var magnitude = Math.Abs(x);
        var root = Exp(Log(magnitude) / 3);
        root -= (root * root * root - magnitude) / (3 * root * root);
        return x < 0 ? -root : root;
    }

    /// <summary>1 / (1 + e^-x).</summary>
    public static double Logistic(double x) => 1 / (1 + Exp(-x));
}
