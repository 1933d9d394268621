using System.Globalization;

namespace Provost.Analytics.Risk;

/// <summary>The terms of the risk.</summary>
public enum RiskReasonKind : byte
{
    CurrentMark,
    Missing,
    Late,
    LastItem,

    /// <summary>How long before the due time work is handed in; part of the probability, not of the score.</summary>
    Timing,
}

/// <summary>One weighted term of a student's risk, beside the class's.</summary>
/// <param name="Kind">Which term.</param>
/// <param name="Contribution">The student's weighted term less the class median's, in units of the score; positive = adds to the risk.</param>
/// <param name="Term">The weighted term itself, 0 to the term's weight.</param>
/// <param name="Measured">Per cent (current mark, last item; NaN = missing), a count (missing, late) or days after due (timing).</param>
/// <param name="OutOf">How many items the measure is about.</param>
/// <param name="ClassMedian">The class median of <paramref name="Measured"/> (for timing the mean).</param>
public readonly record struct RiskReason(
    RiskReasonKind Kind, double Contribution, double Term, double Measured, int OutOf, double ClassMedian)
{
    /// <summary>One plain sentence: "4 of 9 due items missing (class median 0)".</summary>
    public string Text => Kind switch
    {
        RiskReasonKind.CurrentMark => $"Current mark {Round(Measured)} % (class median {Round(ClassMedian)} %)",
        RiskReasonKind.Missing => $"{Round(Measured)} of {OutOf} due items missing (class median {Round(ClassMedian)})",
        RiskReasonKind.Late => $"{Round(Measured)} of {OutOf} items late (class median {Round(ClassMedian)})",
        RiskReasonKind.Timing => $"Hands in {Lag(Measured)} on average (class: {Lag(ClassMedian)})",
        _ => double.IsNaN(Measured)
            ? $"Last due item missing (class median {Round(ClassMedian)} %)"
            : $"Last due item {Round(Measured)} % (class median {Round(ClassMedian)} %)",
    };

    private static string Lag(double days) =>
        Math.Abs(days) < 0.05 ? "when due" : $"{Round(Math.Abs(days))} days {(days < 0 ? "before" : "after")} due";

    private static string Round(double value) => Math.Round(value, 1).ToString("0.#", CultureInfo.InvariantCulture);
}
