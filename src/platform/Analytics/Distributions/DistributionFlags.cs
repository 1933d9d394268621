namespace Provost.Analytics.Distributions;

/// <summary>What a teacher should notice about a distribution, in plain words.</summary>
internal static class DistributionFlags
{
    /// <summary>Two standard errors make a flag; a fifth of the class at one end makes a ceiling or a floor.</summary>
    public static string[] Of(
        int n, Shape shape, Estimate skewness, Estimate kurtosis, Estimate bimodality, int outliers, double ceiling, double floor)
    {
        var flags = new List<string>();
        if (n > 1 && !shape.Varies)
            flags.Add("all equal");
        if (skewness.HasValue && Math.Abs(skewness.Value) > 2 * shape.SkewnessError)
            flags.Add(skewness.Value < 0 ? "skewed to the left" : "skewed to the right");
        if (kurtosis.HasValue && Math.Abs(kurtosis.Value) > 2 * shape.KurtosisError)
            flags.Add(kurtosis.Value < 0 ? "flat" : "heavy tails");
        if (bimodality is { HasValue: true, Value: > 0.555 })
            flags.Add("two groups");
        if (n >= 5 && ceiling >= 0.2)
            flags.Add("ceiling");
        if (n >= 5 && floor >= 0.2)
            flags.Add("floor");
        if (outliers > 0)
            flags.Add($"outliers: {outliers}");
        return [.. flags];
    }
}
