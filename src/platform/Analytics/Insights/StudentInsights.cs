using Provost.Analytics.Consistency;
using Provost.Analytics.Forecasts;
using Provost.Analytics.Risk;
using Provost.Analytics.Submissions;
using Provost.Analytics.Trends;

namespace Provost.Analytics.Insights;

/// <summary>Everything about one student.</summary>
/// <param name="CurrentMark">Weighted mean of what is due, per cent; N = items that count.</param>
public sealed record StudentInsights(
    Estimate CurrentMark, RiskScore Risk, Trend Trend, StudentConsistency Consistency, SubmissionBehaviour Submission, Forecast Forecast);
