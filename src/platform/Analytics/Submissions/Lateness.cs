using Provost.Analytics.Cells;

namespace Provost.Analytics.Submissions;

/// <summary>How far from the due time something was handed in.</summary>
public static class Lateness
{
    /// <summary>Submission - due in days; null when one of the two is unknown, nothing was handed in, or the mark was transferred.</summary>
    public static double? LagDays(Assessment assessment, Cell cell) =>
        cell.Transferred || cell.State is not (CellState.Graded or CellState.Pending) ? null : cell.SubmittedDay - assessment.DueDay;

    /// <summary>True when handed in after due + grace.</summary>
    public static bool IsLate(Assessment assessment, Cell cell, double graceDays) => LagDays(assessment, cell) > graceDays;
}
