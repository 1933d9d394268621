namespace Provost.Analytics.Reliability;

/// <summary>How far the total would repeat with other items of the same kind. Section 3 of the formulas.</summary>
/// <param name="Alpha">Cronbach's alpha (KR-20 when dichotomous) on complete cases, Feldt's 95 % interval; not clamped, may be below 0.</param>
/// <param name="AlphaMissingAsZero">The same on every student with missing work counted 0; excused students left out.</param>
/// <param name="StandardError">Standard error of measurement of the mean of the items, points of 100; with missing work counted 0 when too few are complete.</param>
/// <param name="DoubleLength">Alpha of a test of twice the length (Spearman-Brown).</param>
/// <param name="Items">Items that entered.</param>
/// <param name="Dichotomous">True when every score is 0 or 100, and alpha is KR-20.</param>
/// <param name="Note">What the number means, in plain words.</param>
public sealed record ReliabilityStatistics(
    Estimate Alpha, Estimate AlphaMissingAsZero, Estimate StandardError, Estimate DoubleLength, int Items, bool Dichotomous, string Note);
