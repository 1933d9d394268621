using System.Security.Cryptography;
using System.Text;
using Provost.Analytics.Cells;
using Provost.Gradebooks;

namespace Provost.Api.Courses;

/// <param name="Key">Pseudonym in this course.</param>
/// <param name="Section">One section, or several joined as <see cref="GradebookStudent.Section"/> says.</param>
internal sealed record SnapshotStudent(string Key, string? Section = null, FinalResult? Outcome = null, double? UnregisteredDay = null)
{
    public IReadOnlyList<string> Sections => Section is null ? [] : Section.Split(GradebookStudent.SectionSeparator);
}

/// <summary>
/// A course's whole content at one version, as its sources stated it: n students x k assessments. Whether a cell without a
/// submission is missing or not due is decided when it is read (<see cref="AsOf"/>), because that depends on the day.
/// </summary>
internal sealed record Snapshot(IReadOnlyList<Assessment> Assessments, IReadOnlyList<SnapshotStudent> Students, Cell[] Cells)
{
    public static Snapshot Empty { get; } = new([], [], []);

    public Cell this[int student, int assessment] => Cells[(student * Assessments.Count) + assessment];

    /// <summary>True when the source says for nearly everybody how the course ended.</summary>
    public bool IsFinished => Students.Count > 0 && Students.Count(student => student.Outcome is not null) >= 0.9 * Students.Count;

    /// <summary>This content with a newer file's over it: whom and what the file does not mention stays.</summary>
    public Snapshot Merge(Snapshot newer)
    {
        var assessments = MergeAssessments(newer);
        var known = Students.ToDictionary(student => student.Key);
        var students = Students.Select(student => student.Key).Union(newer.Students.Select(student => student.Key)).ToArray();
        var stated = newer.Students.ToDictionary(student => student.Key);
        var cells = new Cell[students.Length * assessments.Length];
        Array.Fill(cells, Cell.NotDue);
        var (row, column) = (Index(students), Index(assessments.Select(assessment => assessment.Id)));
        Copy(this);
        Copy(newer);
        return new Snapshot(assessments, [.. students.Select(MergeStudent)], cells);

        SnapshotStudent MergeStudent(string key)
        {
            var (before, after) = (known.GetValueOrDefault(key), stated.GetValueOrDefault(key));
            return new(key, after?.Section ?? before?.Section, after?.Outcome ?? before?.Outcome, after?.UnregisteredDay ?? before?.UnregisteredDay);
        }

        void Copy(Snapshot from)
        {
            for (var i = 0; i < from.Students.Count; i++)
                for (var j = 0; j < from.Assessments.Count; j++)
                    cells[(row[from.Students[i].Key] * assessments.Length) + column[from.Assessments[j].Id]] = from[i, j];
        }
    }

    /// <summary>The cells as they stand on a day: nothing submitted and due + grace passed is missing, before that it is not due.</summary>
    /// <param name="day">Relative to the course's start; null leaves every state as the source stated it.</param>
    /// <param name="graceDays">Days after the due date within which nothing is missing yet.</param>
    public CellGrid AsOf(double? day, double graceDays)
    {
        if (day is not { } today)
            return Grid(Cells, 0);
        var cells = (Cell[])Cells.Clone();
        for (var j = 0; j < Assessments.Count; j++)
        {
            if (Assessments[j].DueDay is not { } due)
                continue;
            var state = today > due + graceDays ? Cell.Missing : Cell.NotDue;
            for (var i = j; i < cells.Length; i += Assessments.Count)
                if (cells[i].State is CellState.NotDue or CellState.Missing)
                    cells[i] = state;
        }

        return Grid(cells, today);

        CellGrid Grid(Cell[] cells, double asOf) => new([.. Students.Select(student => student.Key)], Assessments, cells, asOf);
    }

    /// <summary>Only the students of some sections: all that a TA's insights are computed from.</summary>
    public Snapshot Of(IReadOnlySet<string> sections) =>
        Keep(i => Students[i].Sections.Any(sections.Contains));

    /// <summary>Without some students.</summary>
    public Snapshot Without(IReadOnlySet<string> keys) => Keep(i => !keys.Contains(Students[i].Key));

    /// <summary>Cells of this content that differ from another's or that it does not have.</summary>
    public int DifferencesFrom(Snapshot before)
    {
        var (row, column) = (Index(before.Students.Select(student => student.Key)), Index(before.Assessments.Select(assessment => assessment.Id)));
        var differences = 0;
        for (var i = 0; i < Students.Count; i++)
            for (var j = 0; j < Assessments.Count; j++)
            {
                var known = row.TryGetValue(Students[i].Key, out var r) && column.TryGetValue(Assessments[j].Id, out var c) ? before[r, c] : Cell.NotDue;
                differences += Same(known, this[i, j]) ? 0 : 1;
            }

        return differences;
    }

    /// <summary>Feeds everything that makes up the content, in an order that does not depend on the source's.</summary>
    public void AppendTo(IncrementalHash digest)
    {
        using var bytes = new MemoryStream();
        using (var writer = new BinaryWriter(bytes, Encoding.UTF8, leaveOpen: true))
        {
            foreach (var assessment in Assessments)
                writer.Write(assessment.ToString());
            foreach (var i in Enumerable.Range(0, Students.Count).OrderBy(i => Students[i].Key, StringComparer.Ordinal))
            {
                writer.Write(Students[i].ToString());
                for (var j = 0; j < Assessments.Count; j++)
                    Write(writer, this[i, j]);
            }
        }

        digest.AppendData(bytes.GetBuffer().AsSpan(0, (int)bytes.Length));
    }

    private Assessment[] MergeAssessments(Snapshot newer)
    {
        var stated = newer.Assessments.ToDictionary(assessment => assessment.Id);
        var both = Assessments.Select(known => stated.TryGetValue(known.Id, out var now) ? Over(known, now) : known);
        var known = Assessments.Select(assessment => assessment.Id).ToHashSet();
        return [.. both.Concat(newer.Assessments.Where(assessment => !known.Contains(assessment.Id)))
            .OrderBy(assessment => assessment.DueDay ?? double.PositiveInfinity)];
    }

    // A file without due dates does not take away the dates that an earlier one brought.
    private static Assessment Over(Assessment known, Assessment now) =>
        now with { DueDay = now.DueDay ?? known.DueDay, Kind = now.Kind.Length > 0 ? now.Kind : known.Kind };

    private Snapshot Keep(Func<int, bool> keep)
    {
        int[] rows = [.. Enumerable.Range(0, Students.Count).Where(keep)];
        var cells = new Cell[rows.Length * Assessments.Count];
        for (var i = 0; i < rows.Length; i++)
            Cells.AsSpan(rows[i] * Assessments.Count, Assessments.Count).CopyTo(cells.AsSpan(i * Assessments.Count));
        return new Snapshot(Assessments, [.. rows.Select(i => Students[i])], cells);
    }

    private static void Write(BinaryWriter writer, Cell cell)
    {
        writer.Write((byte)cell.State);
        writer.Write(cell.State == CellState.Graded ? cell.Score : 0);
        writer.Write(cell.SubmittedDay ?? double.MinValue);
        writer.Write(cell.Transferred);
    }

    private static bool Same(Cell a, Cell b) =>
        a.State == b.State && (a.State != CellState.Graded || a.Score.Equals(b.Score)) && a.SubmittedDay.Equals(b.SubmittedDay) && a.Transferred == b.Transferred;

    private static Dictionary<string, int> Index(IEnumerable<string> keys) =>
        keys.Select((key, index) => (key, index)).ToDictionary(entry => entry.key, entry => entry.index);
}
