using Provost.Gradebooks.Tables;

namespace Provost.Gradebooks.Layouts;

/// <summary>One student and the rows of the table that are about them: more than one when the export repeats a student per section.</summary>
internal sealed record StudentRows(GradebookStudent Student, List<int> Positions);

/// <summary>Finds out who the students are.</summary>
internal sealed class StudentList(Table table, Layout layout)
{
    private readonly ILookup<ColumnRole, ColumnPlan> columns = layout.Columns.ToLookup(column => column.Role);
    private bool firstBeforeLast;

    /// <summary>Positions are indices into <see cref="Layout.StudentRows"/>.</summary>
    public List<StudentRows> Read()
    {
        firstBeforeLast = columns[ColumnRole.FirstName].Any() && columns[ColumnRole.LastName].Any();
        var identity = IdentityColumns();
        var students = new List<StudentRows>();
        var known = new Dictionary<string, StudentRows>(StringComparer.OrdinalIgnoreCase);
        for (var position = 0; position < layout.StudentRows.Count; position++)
        {
            var row = layout.StudentRows[position];
            var student = ReadStudent(row, identity);
            if (known.TryGetValue(student.SourceId, out var before))
                Merge(before, student, position);
            else
                students.Add(known[student.SourceId] = new StudentRows(student, [position]));
        }
        WarnOfFormulas(students);
        return [.. students.Select(s => s with { Student = s.Student with { Section = SectionOf(s) } })];
    }

    // The first of id, login, e-mail and name that every student has and no two share; then the first that every student has.
    private List<Func<int, string>> IdentityColumns()
    {
        List<Func<int, string>> candidates = [
            row => Text(row, ColumnRole.SourceId), row => Text(row, ColumnRole.Login), row => Text(row, ColumnRole.Email), NameOf];
        var complete = candidates.Where(text => layout.StudentRows.All(row => text(row).Length > 0)).ToList();
        var unique = complete.FirstOrDefault(text =>
            layout.StudentRows.Select(text).Distinct(StringComparer.OrdinalIgnoreCase).Count() == layout.StudentRows.Count);
        return (unique ?? complete.FirstOrDefault()) is { } best ? [best] : candidates;
    }

    private GradebookStudent ReadStudent(int row, List<Func<int, string>> identity)
    {
        var id = identity.Select(text => text(row)).FirstOrDefault(text => text.Length > 0)
            ?? throw new GradebookError("A row has grades but no student", "Give the student a name or an id, or remove the row.", table.LineOf(row));
        var name = NameOf(row);
        return new GradebookStudent(id, name.Length > 0 ? name : id, OrNull(Text(row, ColumnRole.Email)), OrNull(Text(row, ColumnRole.Login)), OrNull(Text(row, ColumnRole.Section)));
    }

    public bool HasStudent(int row) =>
        columns[ColumnRole.SourceId].Concat(columns[ColumnRole.Login]).Concat(columns[ColumnRole.Email]).Concat(columns[ColumnRole.FirstName])
            .Concat(columns[ColumnRole.LastName]).Concat(columns[ColumnRole.FullName]).Any(column => table[row, column.Index].Length > 0);

    private string NameOf(int row)
    {
        var full = Text(row, ColumnRole.FullName);
        if (full.Length > 0 && !firstBeforeLast)
            return full;
        var parts = $"{Text(row, ColumnRole.FirstName)} {Text(row, ColumnRole.LastName)}".Trim();
        return parts.Length > 0 ? parts : full;
    }

    private string Text(int row, ColumnRole role)
    {
        foreach (var column in columns[role])
            if (table[row, column.Index] is { Length: > 0 } text)
                return layout.Format == "brightspace" ? text.TrimStart('#') : text;
        return "";
    }

    private static string? OrNull(string text) => text.Length > 0 ? text : null;

    private void Merge(StudentRows before, GradebookStudent student, int position)
    {
        var (first, second) = (layout.StudentRows[before.Positions[0]], layout.StudentRows[position]);
        foreach (var column in layout.Columns)
        {
            if (column.Role is ColumnRole.Section or ColumnRole.Ignored)
                continue;
            var (a, b) = (table[first, column.Index], table[second, column.Index]);
            if (a.Length > 0 && b.Length > 0 && a != b)
                throw new GradebookError(
                    $"Two rows are about the same student, \"{student.SourceId}\" (lines {table.LineOf(first)} and {table.LineOf(second)}), and differ: \"{Short(a)}\" and \"{Short(b)}\"",
                    "Remove one of them, or give the students different ids.", table.LineOf(second), column.Name);
        }
        before.Positions.Add(position);
        layout.Notes.Warn($"Lines {table.LineOf(first)} and {table.LineOf(second)} are about the same student and agree: they were read as one");
    }

    private static string Short(string text) => text.Length <= 40 ? text : text[..40] + "...";

    // A student of two sections belongs to both: a cell may name several, and repeated rows name one each.
    private string? SectionOf(StudentRows student)
    {
        var sections = student.Positions.Select(position => Text(layout.StudentRows[position], ColumnRole.Section))
            .Where(text => text.Length > 0).SelectMany(layout.SectionsIn).Distinct(StringComparer.Ordinal).ToList();
        return sections.Count == 0 ? null : string.Join(GradebookStudent.SectionSeparator, sections);
    }

    private void WarnOfFormulas(List<StudentRows> students)
    {
        foreach (var (student, positions) in students)
            if (CellText.LooksLikeFormula(student.Name) || CellText.LooksLikeFormula(student.SourceId))
                layout.Notes.Warn($"Line {table.LineOf(layout.StudentRows[positions[0]])}: the name or id \"{Short(student.Name)}\" looks like a spreadsheet formula; it is kept as text and never run");
    }
}
