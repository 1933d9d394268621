namespace Provost.Analytics.Numerics;

/// <summary>Shares and their intervals.</summary>
internal static class Proportion
{
    /// <summary>hits / n with Wilson's (1927) 95 % score interval; n at least 1.</summary>
    public static Estimate Wilson(int hits, int n)
    {
        const double z = Quantiles.Z975;
        var p = (double)hits / n;
        var scale = 1 + z * z / n;
        var centre = (p + z * z / (2 * n)) / scale;
        var half = z * Math.Sqrt(p * (1 - p) / n + z * z / (4.0 * n * n)) / scale;
        return Estimate.Of(p, n, Math.Max(0, centre - half), Math.Min(1, centre + half));
    }
}
