namespace Provost.Analytics.Tests.Naive;

/// <summary>Equality within a stated relative error; NaN equals NaN.</summary>
internal static class Close
{
    public static void Equal(double expected, double actual, double relative = 1e-10, string what = "")
    {
        if (double.IsNaN(expected) && double.IsNaN(actual) || expected == actual)
            return;
        var scale = Math.Max(1, Math.Max(Math.Abs(expected), Math.Abs(actual)));
        Assert.True(Math.Abs(expected - actual) <= relative * scale, $"{what}: expected {expected:R}, is {actual:R}");
    }

    /// <summary>How many doubles lie between two numbers.</summary>
    public static long Ulps(double a, double b) => Math.Abs(Ordered(a) - Ordered(b));

    private static long Ordered(double value)
    {
        var bits = BitConverter.DoubleToInt64Bits(value);
        return bits < 0 ? long.MinValue - bits : bits;
    }
}
