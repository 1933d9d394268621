namespace Provost.Runbooks.Images.Scans.Advisories;

/// <summary>The base score of a CVSS 3.0 or 3.1 vector (https://www.first.org/cvss/v3.1/specification-document, section 7.1).</summary>
internal static class CvssVector
{
    /// <summary>Null when it is no such vector.</summary>
    public static Severity? SeverityOf(string vector) => BaseScore(vector) switch
    {
        null => null,
        >= 9 => Severity.Critical,
        >= 7 => Severity.High,
        >= 4 => Severity.Medium,
        _ => Severity.Low,
    };

    public static double? BaseScore(string vector)
    {
        if (!vector.StartsWith("CVSS:3.", StringComparison.Ordinal))
        {
            return null;
        }
        var metrics = vector.Split('/').Skip(1).Select(part => part.Split(':')).Where(part => part.Length == 2).DistinctBy(part => part[0]).ToDictionary(part => part[0], part => part[1], StringComparer.Ordinal);
        string Of(string metric) => metrics.GetValueOrDefault(metric, "");
        var isChanged = Of("S") == "C";
        var exploitability = 8.22 * Weight(Of("AV"), ("N", 0.85), ("A", 0.62), ("L", 0.55), ("P", 0.2)) * Weight(Of("AC"), ("L", 0.77), ("H", 0.44))
            * Weight(Of("PR"), ("N", 0.85), ("L", isChanged ? 0.68 : 0.62), ("H", isChanged ? 0.5 : 0.27)) * Weight(Of("UI"), ("N", 0.85), ("R", 0.62));
        var untouched = (1 - Loss(Of("C"))) * (1 - Loss(Of("I"))) * (1 - Loss(Of("A")));
        var impact = isChanged ? (7.52 * (1 - untouched - 0.029)) - (3.25 * Math.Pow(1 - untouched - 0.02, 15)) : 6.42 * (1 - untouched);
        var score = impact <= 0 ? 0 : RoundUp(Math.Min((isChanged ? 1.08 : 1) * (impact + exploitability), 10));
        return double.IsNaN(exploitability + impact) ? null : score;
    }

    private static double Loss(string level) => Weight(level, ("H", 0.56), ("L", 0.22), ("N", 0));

    // Not a number when the vector lacks the metric: then there is no score.
    private static double Weight(string value, params ReadOnlySpan<(string Value, double Weight)> weights)
    {
        foreach (var (known, weight) in weights)
        {
            if (known == value)
            {
                return weight;
            }
        }
        return double.NaN;
    }

    // To one decimal, upwards; by whole numbers, as 4.02 would become 4.1 only because of the machine's fractions.
    private static double RoundUp(double score)
    {
        var whole = (long)Math.Round(score * 100_000);
        return whole % 10_000 == 0 ? whole / 100_000.0 : (Math.Floor(whole / 10_000.0) + 1) / 10;
    }
}
