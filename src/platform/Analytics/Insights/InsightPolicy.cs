namespace Provost.Analytics.Insights;

/// <summary>A course's rules. All insights take them from here and from nowhere else.</summary>
/// <param name="Capacity">Share of the class (0 to 1) that can be contacted: the size of the triage list.</param>
/// <param name="MissingCountsZero">Whether missing work counts 0 in marks.</param>
/// <param name="GraceDays">Days after the due date within which a submission is not late.</param>
public sealed record InsightPolicy(double Capacity = 0.2, bool MissingCountsZero = true, double GraceDays = 0);
