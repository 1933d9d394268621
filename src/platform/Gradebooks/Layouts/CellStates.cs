using Provost.Analytics.Cells;
using Provost.Gradebooks.Tables;
using Provost.Gradebooks.Values;

namespace Provost.Gradebooks.Layouts;

/// <summary>
/// Turns what cells say into the five states. A blank cell is not a zero; where at least half of the students have a grade
/// it is read as missing, else as not due, and both are named as guesses.
/// </summary>
internal sealed class CellStates(Table table, Layout layout, IReadOnlyList<AssessmentColumn> columns)
{
    private readonly List<string> asMissing = [];
    private readonly List<string> asNotDue = [];
    private readonly List<string> withoutGrades = [];
    private readonly List<string> optional = [];
    private readonly List<string> notAssigned = [];

    public Cell[] Read(IReadOnlyList<StudentRows> students)
    {
        var cells = new Cell[students.Count * columns.Count];
        for (var j = 0; j < columns.Count; j++)
        {
            var values = students.Select(student => Merged(student, columns[j])).ToArray();
            var blank = StateOfBlanks(columns[j], values);
            for (var i = 0; i < students.Count; i++)
                cells[i * columns.Count + j] = StateOf(values[i], columns[j], blank, students[i]);
        }
        Report();
        return cells;
    }

    private static CellValue Merged(StudentRows student, AssessmentColumn column)
    {
        foreach (var position in student.Positions)
            if (column.Values.Cells[position] is { Kind: not CellKind.Blank } value)
                return value;
        return new CellValue(CellKind.Blank);
    }

    private Cell StateOfBlanks(AssessmentColumn column, CellValue[] values)
    {
        var blanks = values.Count(value => value.Kind == CellKind.Blank);
        var graded = values.Count(value => value.IsScore || value.Kind is CellKind.Complete or CellKind.Incomplete);
        var expected = values.Count(value => value.Kind is not (CellKind.NotAssigned or CellKind.Excused));
        if (values.Count(value => value.Kind == CellKind.NotAssigned) is > 0 and var spared)
            notAssigned.Add($"\"{column.Plan.Name}\" ({spared})");
        if (blanks == 0)
            return Cell.NotDue;
        var named = $"\"{column.Plan.Name}\" ({blanks} blank)";
        if (graded == 0)
            withoutGrades.Add($"\"{column.Plan.Name}\"");
        else if (column.ExtraCredit)
            optional.Add(named);
        else if (graded * 2 >= expected)
            asMissing.Add(named);
        else
            asNotDue.Add(named);
        return graded > 0 && !column.ExtraCredit && graded * 2 >= expected ? Cell.Missing : Cell.NotDue;
    }

    private Cell StateOf(CellValue value, AssessmentColumn column, Cell blank, StudentRows student)
    {
        var state = value.Kind switch
        {
            CellKind.Blank => blank,
            CellKind.Number => Cell.Graded(column.Plan.Percentages ? value.Value : 100 * value.Value / column.MaxScore),
            CellKind.Percent => Cell.Graded(value.Value),
            CellKind.Ratio => Cell.Graded(100 * value.Value / value.OutOf),
            CellKind.Complete when column.Plan.Completion => Cell.Graded(100),
            CellKind.Incomplete when column.Plan.Completion => Cell.Graded(0),
            CellKind.Excused => Cell.Excused,
            CellKind.Missing => Cell.Missing,
            CellKind.Pending => Cell.Pending(),
            CellKind.NotAssigned => Cell.NotDue,
            _ => (Cell?)null,
        };
        if (state is { } known && (known.State != CellState.Graded || double.IsFinite(known.Score)))
            return known;
        var row = layout.StudentRows[student.Positions[0]];
        var text = table[row, column.Plan.Index];
        layout.Notes.Warn($"Line {table.LineOf(row)}, column \"{column.Plan.Name}\": \"{(text.Length <= 40 ? text : text[..40] + "...")}\" is not a score; the cell was left out");
        return Cell.NotDue;
    }

    private void Report()
    {
        if (asMissing.Count > 0)
            layout.Notes.Guess($"A blank cell counts as missing where at least half of the students have a grade: {string.Join(", ", asMissing)}");
        if (asNotDue.Count > 0)
            layout.Notes.Guess($"A blank cell is left out (not due) where fewer than half of the students have a grade: {string.Join(", ", asNotDue)}");
        if (withoutGrades.Count > 0)
            layout.Notes.Guess($"Nobody has a grade yet, so nothing is due: {string.Join(", ", withoutGrades)}");
        if (optional.Count > 0)
            layout.Notes.Guess($"A blank cell of an extra-credit column is left out: {string.Join(", ", optional)}");
        if (notAssigned.Count > 0)
            layout.Notes.Guess($"Cells that say \"not assigned\" or \"N/A\" are left out: {string.Join(", ", notAssigned)}");
    }
}
