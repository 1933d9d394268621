using Provost.Analytics.Numerics;

namespace Provost.Analytics.Risk;

/// <summary>
/// From score to probability (Platt 1999): p = 1 / (1 + exp(-(a + b R + c timing))), where a and b move linearly with the
/// course's progress g: the same score means more at the end of a course than in its third week.
/// </summary>
/// <param name="Intercept">a at g = 0.</param>
/// <param name="InterceptByProgress">What a gains from g = 0 to g = 1.</param>
/// <param name="Slope">b at g = 0; positive.</param>
/// <param name="SlopeByProgress">What b gains from g = 0 to g = 1.</param>
/// <param name="Timing">c, per 10 days that work comes in later (relative to the due time) than the class's mean.</param>
/// <param name="NothingDue">Log-odds for a student for whom nothing was due yet.</param>
/// <param name="N">Student snapshots that it was fitted on.</param>
public sealed record RiskCurve(
    double Intercept, double InterceptByProgress, double Slope, double SlopeByProgress, double Timing, double NothingDue, int N)
{
    /// <summary>Probability of failing or withdrawing, 0 to 1.</summary>
    /// <param name="score">R, 0 to 1; NaN when nothing was due.</param>
    /// <param name="timing">Mean lag less the class's, in tens of days; 0 when unknown.</param>
    /// <param name="progress">Share of the course's weight that was due, 0 to 1.</param>
    public double Probability(double score, double timing, double progress) => Elementary.Logistic(double.IsNaN(score)
        ? NothingDue
        : Intercept + InterceptByProgress * progress + SlopeAt(progress) * score + Timing * timing);

    /// <summary>b at a progress.</summary>
    public double SlopeAt(double progress) => Slope + SlopeByProgress * progress;
}
