using Provost.Gradebooks.Layouts;
using Provost.Gradebooks.Tables;
using Provost.Gradebooks.Values;

namespace Provost.Gradebooks.GoogleClassroom;

/// <summary>Google Classroom: the gradebook downloaded as CSV or copied to a sheet; scores as 85/100, states as words, dates and points in rows under the header.</summary>
internal static class GoogleClassroomFormat
{
    private static readonly string[] StudentHeaders = ["student", "student name", "last name", "name", "email address", "email"];

    public static bool Recognises(Table table, int header)
    {
        var words = table.Texts(header).Select(CellText.Word).ToList();
        if (!StudentHeaders.Contains(words[0]))
            return false;
        var grades = Enumerable.Range(0, words.Count).Where(c => words[c].Length > 0 && Headers.Known(c, words[c]) is null).ToList();
        if (grades.Count == 0 || header + 1 >= table.Rows.Count)
            return false;
        if (words is ["last name", "first name", "email address" or "email", ..] && LabelRows(table, header).Any())
            return true;
        if (header > 0)
            return false;
        var cells = grades.SelectMany(c => Headers.RowsFrom(table, 1).Select(r => CellValueReader.Read(table[r, c], DecimalMark.Point))).Where(v => v.Kind != CellKind.Blank).ToList();
        return cells.Count > 0 && cells.Count(v => v.Kind == CellKind.Ratio) * 2 > cells.Count;
    }

    public static Layout Layout(Table table, int header)
    {
        var notes = new ReadNotes();
        var labels = LabelRows(table, header).ToList();
        var rows = Headers.RowsFrom(table, header + 1).Where(row => !table.IsBlank(row) && !labels.Exists(l => l.Row == row)).ToList();
        var columns = table.Texts(header).Select((text, index) => PlanOf(table, index, text, labels)).OfType<ColumnPlan>().ToList();
        if (columns.Exists(c => c.DueDate is not null))
            notes.Guess("Due days count from the first date in the file: it does not say when the course began");
        return new Layout("googleClassroom", rows, Headers.WholeNames(columns), notes);
    }

    // Date, Points and Class average: a label in the first cells, nothing else about a student.
    private static IEnumerable<(int Row, RowLabel Label)> LabelRows(Table table, int header)
    {
        for (var row = header + 1; row < Math.Min(table.Rows.Count, header + 8); row++)
        {
            var texts = table.Texts(row).Take(3).Where(text => text.Length > 0).ToList();
            if (texts.Count == 1 && RowWords.LabelOf(texts[0]) is { } label)
                yield return (row, label);
        }
    }

    private static ColumnPlan? PlanOf(Table table, int index, string text, List<(int Row, RowLabel Label)> labels)
    {
        if (Headers.Known(index, text) is { } known)
            return known;
        if (text.Length == 0)
            return null;
        if (TotalWords.IsTotal(text))
            return ColumnPlan.Ignore(index, text, TotalWords.Reason);
        return new ColumnPlan(index, text, ColumnRole.Assessment)
        {
            MaxScore = LabelledValue(RowLabel.Maximum) is { } points ? NumberText.Parse(points, NumberText.Evidence(points) ?? DecimalMark.Point) : null,
            DueDate = LabelledValue(RowLabel.Due) is { } date ? DateText.Parse(date) : null,
            ExtraCredit = Headers.SaysExtraCredit(text),
        };

        string? LabelledValue(RowLabel wanted) => labels.Where(l => l.Label == wanted).Select(l => table[l.Row, index]).FirstOrDefault(t => t.Length > 0);
    }
}
