using Provost.Analytics.Insights;

namespace Provost.Analytics.Backtests;

/// <summary>A finished course and the calibration that is judged on it.</summary>
/// <param name="By">Fitted on other courses, or the judgement flatters it.</param>
public sealed record JudgedCourse(FinishedCourse Course, Calibration By);
