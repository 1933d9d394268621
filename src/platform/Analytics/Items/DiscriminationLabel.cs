namespace Provost.Analytics.Items;

/// <summary>Ebel's labels of discrimination (Ebel &amp; Frisbie, Essentials of Educational Measurement, 5th ed. 1991, ch. 13).</summary>
public static class DiscriminationLabel
{
    public const string VeryGood = "very good";
    public const string Good = "good";
    public const string Marginal = "marginal";
    public const string Poor = "poor";
    public const string CheckTheKey = "check the key";

    /// <summary>.40 and up very good, .30 good, .20 marginal, below poor; below 0 the key may be wrong.</summary>
    /// <param name="discrimination">A correlation or an upper-lower index, -1 to 1.</param>
    public static string For(double discrimination) => discrimination switch
    {
        >= 0.40 => VeryGood,
        >= 0.30 => Good,
        >= 0.20 => Marginal,
        >= 0 => Poor,
        _ => CheckTheKey,
    };
}
