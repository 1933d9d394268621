using Provost.Analytics.Distributions;
using Provost.Analytics.Items;

namespace Provost.Analytics.Insights;

/// <summary>Everything about one assessment.</summary>
/// <param name="Scores">Distribution of the graded scores, per cent.</param>
public sealed record AssessmentInsights(
    int Graded, int Missing, int Pending, int Excused, int NotDue, ItemStatistics Item, Distribution Scores);
