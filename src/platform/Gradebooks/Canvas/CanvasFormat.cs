using System.Globalization;
using Provost.Gradebooks.Layouts;
using Provost.Gradebooks.Tables;
using Provost.Gradebooks.Values;

namespace Provost.Gradebooks.Canvas;

/// <summary>Canvas: the gradebook's export. Words may be translated; the shape of the rows above the students is not.</summary>
internal static class CanvasFormat
{
    private static readonly string[] OwnHeaders = ["sis user id", "sis login id", "integration id", "root account"];
    private const int RowsAboveStudents = 6;

    public static bool Recognises(Table table, int header)
    {
        var texts = table.Texts(header).ToList();
        var words = texts.Select(CellText.Word).ToHashSet(StringComparer.Ordinal);
        if (words.Overlaps(OwnHeaders))
            return true;
        var assignments = texts.Count(text => CanvasColumn.Parse(text) is { Number: >= 1000 });
        if (words.Contains("student") && words.Contains("id") && (assignments > 0 || words.Contains("section")))
            return true;
        return assignments > 0 && header + 1 < table.Rows.Count && PointsRow(table, header, Assignments(texts)) is not null;
    }

    public static Layout Layout(Table table, int header)
    {
        var notes = new ReadNotes();
        var texts = table.Texts(header).ToList();
        var assignments = Assignments(texts);
        var points = PointsRow(table, header, assignments);
        var rows = StudentRowsOf(table, header, points, texts, notes);
        var plans = texts.Select((text, index) => PlanOf(table, rows, index, text, points, assignments)).OfType<ColumnPlan>().ToList();
        if (points is null && plans.Where(plan => plan is { Role: ColumnRole.Assessment, MaxScore: not null }).Select(plan => texts[plan.Index]).ToList() is { Count: > 0 } inline)
            notes.Guess($"There is no row of points possible: the number behind the name is read as the points in {ReadNotes.Names(inline)}");
        var section = plans.Find(plan => plan.Role == ColumnRole.Section)?.Index;
        var sections = new CanvasSections(section is { } column ? rows.Select(row => table[row, column]) : []);
        return new Layout("canvas", rows, Headers.WholeNames(plans), notes) { SectionsIn = sections.In };
    }

    private static HashSet<int> Assignments(List<string> texts) =>
        [.. Enumerable.Range(0, texts.Count).Where(index => CanvasColumn.Parse(texts[index]) is not null)];

    // "    Points Possible" in any language: the first cell has a text, no id or login follows, and the assignments have numbers.
    private static int? PointsRow(Table table, int header, HashSet<int> assignments)
    {
        for (var row = header + 1; row < Math.Min(header + 1 + RowsAboveStudents, table.Rows.Count); row++)
        {
            var label = table[row, 0];
            var numbers = assignments.Count(column => NumberText.Parse(table[row, column], DecimalMark.Point) is not null);
            if (RowWords.LabelOf(label) == RowLabel.Maximum)
                return row;
            var indented = table.Rows[row].Cells[0].StartsWith("  ", StringComparison.Ordinal);
            if (label.Length > 0 && table[row, 1].Length == 0 && numbers > 0 && numbers * 2 >= assignments.Count && (indented || table[row, 2].Length == 0 && table[row, 3].Length == 0))
                return row;
        }
        return null;
    }

    private static List<int> StudentRowsOf(Table table, int header, int? points, List<string> texts, ReadNotes notes)
    {
        var rows = new List<int>();
        var id = texts.FindIndex(text => CellText.Word(text) == "id");
        for (var row = (points ?? header) + 1; row < table.Rows.Count; row++)
        {
            if (table.IsBlank(row) || table[row, 0].Length == 0 && (id < 0 || table[row, id].Length == 0))
                continue;
            if (IsTestStudent(table[row, 0], table[row, 1]))
                notes.Warn($"Line {table.LineOf(row)}: the test student was left out");
            else
                rows.Add(row);
        }
        return rows;
    }

    private static bool IsTestStudent(string first, string second) =>
        CellText.Word(first) is "student, test" or "test student" || CellText.Word(first) == "student" && CellText.Word(second) == "test";

    private static ColumnPlan? PlanOf(Table table, List<int> rows, int index, string text, int? points, HashSet<int> assignments)
    {
        if (Headers.Known(index, text) is { } known)
            return known;
        if (text.Length == 0)
            return null;
        if (assignments.Contains(index) && CanvasColumn.Parse(text) is { } column)
            return Assignment(table, rows, index, column, points);
        if (TotalWords.IsTotal(text) || IsReadOnly(table, index, points) || IsGroupTotal(text))
            return ColumnPlan.Ignore(index, text, TotalWords.Reason);
        return points is not null || assignments.Count > 0
            ? ColumnPlan.Ignore(index, text, "a custom column without an assignment id")
            : new ColumnPlan(index, text, ColumnRole.Assessment);
    }

    private static ColumnPlan Assignment(Table table, List<int> rows, int index, CanvasColumn column, int? points)
    {
        var extra = Headers.SaysExtraCredit(column.Name);
        if (points is { } row)
        {
            var possible = table[row, index];
            var max = NumberText.Parse(possible, NumberText.Evidence(possible) ?? DecimalMark.Point);
            if (max is null && possible.Length > 0)
                return ColumnPlan.Ignore(index, column.Name, TotalWords.Reason);
            return new ColumnPlan(index, column.Name, ColumnRole.Assessment) { Id = Id(column), MaxScore = max, ExtraCredit = extra, Completion = true };
        }
        var highest = ColumnValues.Read(table, rows, index, DecimalMark.Point).Cells.Where(c => c.Kind == CellKind.Number).Select(c => c.Value).DefaultIfEmpty(0).Max();
        if (column.Number is 0 or > 1000 || highest > 2 * column.Number)
            return new ColumnPlan(index, column.Name, ColumnRole.Assessment) { Id = Id(column), ExtraCredit = extra };
        return new ColumnPlan(index, column.Name, ColumnRole.Assessment) { MaxScore = column.Number, ExtraCredit = extra };
    }

    private static string Id(CanvasColumn column) => column.Number.ToString(CultureInfo.InvariantCulture);

    // "(read only)" stands in the points row of every computed column, in the interface's language.
    private static bool IsReadOnly(Table table, int index, int? points) => points is { } row && table[row, index].StartsWith('(') && table[row, index].EndsWith(')');

    private static bool IsGroupTotal(string text) =>
        text.EndsWith(" Score", StringComparison.Ordinal) && (text.Contains("Current", StringComparison.Ordinal) || text.Contains("Final", StringComparison.Ordinal))
        || text.EndsWith(" Points", StringComparison.Ordinal) && (text.Contains("Current", StringComparison.Ordinal) || text.Contains("Final", StringComparison.Ordinal));
}
