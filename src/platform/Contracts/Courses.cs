namespace Provost.Contracts;

/// <param name="Id">Slug of the name, stable: "math-101".</param>
/// <param name="Version">Data version: grows with every change of the course's data.</param>
/// <param name="Demonstration">Synthetic data: every page says so.</param>
/// <param name="Sequence">Number of the last live message about the course: what a page knows already.</param>
public sealed record CourseSummary(
    string Id, string Name, Role Role, int Students, int Assessments, long Version, DateTimeOffset? LastImport, bool Demonstration,
    long Sequence = 0);

/// <param name="Capacity">Share of the class (0 to 1) that can be contacted: the size of the triage list.</param>
/// <param name="MissingCountsZero">Whether missing work counts 0.</param>
/// <param name="GraceDays">Days after the due date within which a submission is not late.</param>
/// <param name="Start">First day of the course: day 0.</param>
public sealed record CourseSettings(double Capacity, bool MissingCountsZero, double GraceDays, DateOnly? Start);

/// <summary>Who, why, what next. One page, one call.</summary>
/// <param name="Triage">Students by falling risk: those within capacity first.</param>
/// <param name="Next">What to do next, most useful first.</param>
public sealed record CourseOverview(
    CourseSummary Course,
    double AsOfDay,
    ClassStanding Standing,
    IReadOnlyList<RiskRow> Triage,
    IReadOnlyList<NextStep> Next,
    IReadOnlyList<AssessmentSummary> Assessments,
    ReliabilityView Reliability,
    BacktestCard? Backtest);

/// <param name="ClassMean">Mean of the students' current marks, per cent.</param>
/// <param name="ClassTrend">OLS slope of class medians, points per week.</param>
public sealed record ClassStanding(
    int Students, int AtRisk, double GradedShare, int Missing, int Pending, Estimate ClassMean, Estimate ClassTrend, DistributionView Marks);

/// <param name="Student">The student's key in the course (pseudonym).</param>
/// <param name="Name">Null when the viewer may not see names or they were erased.</param>
/// <param name="Probability">Calibrated probability of failing or withdrawing, 0 to 1.</param>
/// <param name="Score">The composite, 0 to 1.</param>
/// <param name="WithinCapacity">Among those whom the teacher has capacity to contact.</param>
public sealed record RiskRow(
    string Student, string? Name, string? Section, Estimate Probability, double Score, bool WithinCapacity,
    IReadOnlyList<Reason> Reasons, Estimate CurrentMark, Estimate Trend, Estimate Forecast, int Missing, int Late, double? LastScore);

/// <param name="Kind">currentMark, missing, late, lastItem or timing.</param>
/// <param name="Contribution">This term of the score less the class median's term.</param>
/// <param name="Text">One plain sentence: "4 of 9 due items missing (class median 0)".</param>
public sealed record Reason(string Kind, double Contribution, string Text);

/// <param name="Kind">contact, grade, checkItem or import.</param>
public sealed record NextStep(string Kind, string Text, string? Student, string? Assessment);

public sealed record AssessmentSummary(
    string Id, string Name, string Kind, double MaxScore, double Weight, double? DueDay, int Graded, int Missing, int Pending, int Excused, Estimate Mean);
