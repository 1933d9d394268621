namespace Provost.Analytics.Cells;

/// <summary>
/// A course's cells: n students x k assessments, dense, as they stood on one day. Assessments are in course order
/// (by due day where known). Immutable once built.
/// </summary>
public sealed class CellGrid
{
    private readonly Cell[] cells;

    /// <param name="students">n student keys (pseudonyms), unique.</param>
    /// <param name="assessments">k assessments, ids unique.</param>
    /// <param name="cells">n x k cells, row by row.</param>
    /// <param name="asOfDay">The day the cells describe, relative to the course's start.</param>
    /// <exception cref="ArgumentException">The cells are not n x k.</exception>
    public CellGrid(IReadOnlyList<string> students, IReadOnlyList<Assessment> assessments, Cell[] cells, double asOfDay)
    {
        if (cells.Length != students.Count * assessments.Count)
            throw new ArgumentException($"{students.Count} students x {assessments.Count} assessments need that many cells, not {cells.Length}", nameof(cells));
        Students = students;
        Assessments = assessments;
        AsOfDay = asOfDay;
        this.cells = cells;
    }

    public IReadOnlyList<string> Students { get; }
    public IReadOnlyList<Assessment> Assessments { get; }
    public double AsOfDay { get; }

    public Cell this[int student, int assessment] => cells[student * Assessments.Count + assessment];

    /// <summary>One student's k cells, in assessment order.</summary>
    public ReadOnlySpan<Cell> Row(int student) => cells.AsSpan(student * Assessments.Count, Assessments.Count);
}
