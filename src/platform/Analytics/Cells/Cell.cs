using System.Runtime.InteropServices;

namespace Provost.Analytics.Cells;

/// <summary>What is known of one student on one assessment, at one moment.</summary>
public enum CellState : byte
{
    /// <summary>The assessment's due date has not passed (or nobody has a grade yet): left out of every sum.</summary>
    NotDue = 0,

    /// <summary>A score is known.</summary>
    Graded = 1,

    /// <summary>Due date and grace passed, nothing submitted: counts 0 unless the course's policy says otherwise.</summary>
    Missing = 2,

    /// <summary>Excused by the teacher: left out of every sum.</summary>
    Excused = 3,

    /// <summary>Submitted, not graded yet.</summary>
    Pending = 4,
}

/// <summary>One student x one assessment.</summary>
/// <param name="State">Which of the five states holds.</param>
/// <param name="Score">100 x score / maximum; may exceed 100 (extra credit). NaN unless graded.</param>
/// <param name="SubmittedDay">Day of submission relative to the course's start; null when unknown or not submitted.</param>
/// <param name="Transferred">The mark was carried over from an earlier course: it counts, its lateness does not.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct Cell(CellState State, double Score, double? SubmittedDay = null, bool Transferred = false)
{
    public static Cell NotDue { get; } = new(CellState.NotDue, double.NaN);
    public static Cell Missing { get; } = new(CellState.Missing, double.NaN);
    public static Cell Excused { get; } = new(CellState.Excused, double.NaN);

    public static Cell Graded(double score, double? submittedDay = null) => new(CellState.Graded, score, submittedDay);

    public static Cell Pending(double? submittedDay = null) => new(CellState.Pending, double.NaN, submittedDay);
}
