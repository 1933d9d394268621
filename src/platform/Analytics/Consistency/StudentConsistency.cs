namespace Provost.Analytics.Consistency;

/// <summary>How steady a student is, relative to the class. Section 6 of the formulas.</summary>
/// <param name="StandardDeviation">SD of the student's standardised scores; class standard deviations.</param>
/// <param name="Rmssd">Root mean square of successive differences of the standardised scores.</param>
/// <param name="Score">100 = the steadiest of the class: 100 (1 - percentile rank of the SD).</param>
/// <param name="Streak">Latest run of moves larger than the measurement error in one direction; negative = down.</param>
public sealed record StudentConsistency(Estimate StandardDeviation, Estimate Rmssd, Estimate Score, int Streak);
