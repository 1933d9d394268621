namespace Provost.Analytics.Risk;

/// <summary>How likely one student is to fail or withdraw, and why. Section 1 of the formulas.</summary>
/// <param name="Probability">Calibrated probability of failing or withdrawing, 0 to 1; insufficient until something was due.</param>
/// <param name="Score">The composite R, 0 to 1; NaN until something was due.</param>
/// <param name="Rank">1 = highest risk of the class; 0 = not ranked.</param>
/// <param name="WithinCapacity">Among those whom the teacher has capacity to contact.</param>
/// <param name="Reasons">The weighted terms less the class median's, largest first. All four, also those that lower the risk.</param>
/// <param name="Due">Items that were due for this student (excused and not-due left out).</param>
/// <param name="Missing">Of those, missing.</param>
/// <param name="Late">Submitted after due + grace (transferred marks left out).</param>
/// <param name="LastScore">Per cent on the last due item, NaN when missing or nothing was due.</param>
public sealed record RiskScore(
    Estimate Probability, double Score, int Rank, bool WithinCapacity, IReadOnlyList<RiskReason> Reasons,
    int Due, int Missing, int Late, double LastScore);
