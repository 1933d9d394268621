namespace Provost.Analytics.Submissions;

/// <summary>When a student hands in. Section 7 of the formulas. Transferred marks are left out.</summary>
/// <param name="Submitted">Items handed in, graded or pending.</param>
/// <param name="Late">Of those with known days, submitted after due + grace.</param>
/// <param name="Missing">Due items without a submission.</param>
/// <param name="OnTimeRate">Share on time, shrunk to the class (Beta prior of weight 4); Wilson 95 % interval of the raw rate.</param>
/// <param name="LateRate">Share late, raw, with Wilson's 95 % interval.</param>
/// <param name="MissingRate">Missing / due with Wilson's 95 % interval.</param>
/// <param name="MedianLagHours">Median of submission - due, hours; negative = before the due time.</param>
/// <param name="LastMinuteShare">Share handed in within the last 6 hours before due; insufficient when days are whole numbers.</param>
/// <param name="ChronicallyLate">Wilson's lower bound of the late rate is above 0.3.</param>
public sealed record SubmissionBehaviour(
    int Submitted, int Late, int Missing, Estimate OnTimeRate, Estimate LateRate, Estimate MissingRate, Estimate MedianLagHours,
    Estimate LastMinuteShare, bool ChronicallyLate);
