using Provost.Contracts;

namespace Provost.Web.Display;

/// <summary>A probability in words, the same words everywhere.</summary>
internal static class RiskWords
{
    public static string Of(double probability) => probability switch
    {
        >= 0.8 => "very likely",
        >= 0.6 => "likely",
        >= 0.4 => "about even",
        >= 0.2 => "unlikely",
        _ => "very unlikely",
    };

    /// <summary>The look that goes with the words: bad, warn or good.</summary>
    public static string Tone(double probability) => probability switch
    {
        >= 0.6 => "bad",
        >= 0.4 => "warn",
        _ => "good",
    };

    /// <summary>up, down or flat: only an interval that leaves out 0 is a trend.</summary>
    public static TrendDirection Direction(Estimate trend) => trend switch
    {
        { Value: null } => TrendDirection.Unknown,
        { Low: > 0 } => TrendDirection.Up,
        { High: < 0 } => TrendDirection.Down,
        _ => TrendDirection.Flat,
    };
}

internal enum TrendDirection { Unknown, Flat, Up, Down }
