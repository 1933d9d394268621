using Provost.Analytics.Numerics;

namespace Provost.Analytics.Distributions;

/// <summary>Is a sample normal?</summary>
internal static class NormalityTest
{
    /// <summary>
    /// p of K2 = Z(g1)^2 + Z(b2)^2 on chi-squared with 2 degrees of freedom, which is exp(-K2/2). Z(g1): D'Agostino 1970;
    /// Z(b2): Anscombe &amp; Glynn 1983; K2: D'Agostino, Belanger &amp; D'Agostino Jr. 1990.
    /// </summary>
    public static Estimate DAgostinoPearson(Shape shape, int floor)
    {
        if (shape.N < floor)
            return Estimate.Needs(floor, "values", shape.N);
        if (!shape.Varies)
            return Estimate.None(shape.N, "all values are equal");
        double z1 = SkewnessZ(shape), z2 = KurtosisZ(shape);
        return Estimate.Of(Elementary.Exp(-(z1 * z1 + z2 * z2) / 2), shape.N);
    }

    internal static double SkewnessZ(Shape shape)
    {
        double n = shape.N;
        var y = shape.G1Population * Math.Sqrt((n + 1) * (n + 3) / (6 * (n - 2)));
        var beta2 = 3 * (n * n + 27 * n - 70) * (n + 1) * (n + 3) / ((n - 2) * (n + 5) * (n + 7) * (n + 9));
        var w2 = Math.Sqrt(2 * (beta2 - 1)) - 1;
        var delta = 1 / Math.Sqrt(Elementary.Log(w2) / 2);
        var ratio = Math.Abs(y) / Math.Sqrt(2 / (w2 - 1));
        return (y < 0 ? -1 : 1) * delta * Elementary.Log(ratio + Math.Sqrt(ratio * ratio + 1));
    }

    internal static double KurtosisZ(Shape shape)
    {
        double n = shape.N;
        var expected = 3 * (n - 1) / (n + 1);
        var variance = 24 * n * (n - 2) * (n - 3) / ((n + 1) * (n + 1) * (n + 3) * (n + 5));
        var x = (shape.B2 - expected) / Math.Sqrt(variance);
        var moment = 6 * (n * n - 5 * n + 2) / ((n + 7) * (n + 9)) * Math.Sqrt(6 * (n + 3) * (n + 5) / (n * (n - 2) * (n - 3)));
        var a = 6 + 8 / moment * (2 / moment + Math.Sqrt(1 + 4 / (moment * moment)));
        var ratio = (1 - 2 / a) / (1 + x * Math.Sqrt(2 / (a - 4)));
        return (1 - 2 / (9 * a) - Elementary.CubeRoot(ratio)) / Math.Sqrt(2 / (9 * a));
    }
}
