using Provost.Analytics.Cells;

namespace Provost.Analytics.Backtests;

/// <summary>A course that is over, with everything that happened in it: what a backtest replays day by day.</summary>
/// <param name="Name">Shown in reports: "BBB 2014B".</param>
/// <param name="Assessments">k assessments of the coursework; exams are left out of the coursework's mark by <see cref="FinishedCourse.ExamKind"/>.</param>
/// <param name="Students">n students with how it ended for them.</param>
/// <param name="Cells">n x k cells, row by row, as they stood at the end: Graded cells carry SubmittedDay and Transferred.</param>
public sealed record FinishedCourse(
    string Name, IReadOnlyList<Assessment> Assessments, IReadOnlyList<FinishedStudent> Students, Cell[] Cells)
{
    /// <summary>Assessments of this kind are no coursework.</summary>
    public const string ExamKind = "Exam";

    /// <summary>One student x one assessment, as it stood at the end.</summary>
    public Cell this[int student, int assessment] => Cells[student * Assessments.Count + assessment];
}

/// <param name="Failed">Ended as Fail or Withdrawn: what the risk score is to foresee.</param>
/// <param name="UnregisteredDay">Day of withdrawal relative to the course's start; null when the student stayed.</param>
public sealed record FinishedStudent(string Id, bool Failed, bool Withdrawn, double? UnregisteredDay = null);
