using System.Globalization;

namespace Provost.Analytics.Risk;

/// <summary>The four terms of the risk score.</summary>
public enum RiskReasonKind : byte
{
    CurrentMark,
    Missing,
    Late,
    LastItem,
}

/// <summary>One weighted term of a student's risk score, beside the class's.</summary>
/// <param name="Kind">Which term.</param>
/// <param name="Contribution">The student's weighted term less the class median's; positive = adds to the risk.</param>
/// <param name="Term">The weighted term itself, 0 to the term's weight.</param>
/// <param name="Measured">What the term measures: per cent (current mark, last item) or a count (missing, late).</param>
/// <param name="OutOf">How many items the measure is about: due items (missing), submitted or due items (late), graded items (marks).</param>
/// <param name="ClassMedian">The class median of <paramref name="Measured"/>.</param>
public readonly record struct RiskReason(
    RiskReasonKind Kind, double Contribution, double Term, double Measured, int OutOf, double ClassMedian)
{
    /// <summary>One plain sentence: "4 of 9 due items missing (class median 0)".</summary>
    public string Text => Kind switch
    {
        RiskReasonKind.CurrentMark => $"Current mark {Round(Measured)} % (class median {Round(ClassMedian)} %)",
        RiskReasonKind.Missing => $"{Round(Measured)} of {OutOf} due items missing (class median {Round(ClassMedian)})",
        RiskReasonKind.Late => $"{Round(Measured)} of {OutOf} items late (class median {Round(ClassMedian)})",
        _ => double.IsNaN(Measured)
            ? $"Last due item missing (class median {Round(ClassMedian)} %)"
            : $"Last due item {Round(Measured)} % (class median {Round(ClassMedian)} %)",
    };

    private static string Round(double value) => Math.Round(value, 1).ToString("0.#", CultureInfo.InvariantCulture);
}
