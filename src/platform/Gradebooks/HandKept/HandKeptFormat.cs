using Provost.Gradebooks.Layouts;
using Provost.Gradebooks.Tables;
using Provost.Gradebooks.Values;

namespace Provost.Gradebooks.HandKept;

/// <summary>A spreadsheet that a teacher keeps: groups above the header, points and weights in rows, comments, totals, averages below.</summary>
internal static class HandKeptFormat
{
    public static Layout Layout(Table table)
    {
        var notes = new ReadNotes();
        var header = HandKeptHeader.Find(table);
        var columns = StudentColumns(table, header);
        var rows = StudentRowsOf(table, header, columns, notes);
        var read = new HandKeptColumns(table, header, rows, notes);
        columns.AddRange(Enumerable.Range(0, table.Width).Where(index => !columns.Exists(c => c.Index == index)).Select(read.PlanOf).OfType<ColumnPlan>());
        notes.Guess($"The format is not one of a known platform: read as a hand-kept sheet with the header on line {table.LineOf(header.Row)}");
        return new Layout("sheet", rows, read.WithoutSums([.. columns.OrderBy(c => c.Index)]), notes);
    }

    private static List<ColumnPlan> StudentColumns(Table table, HandKeptHeader header)
    {
        var known = Enumerable.Range(0, table.Width).Select(index => Headers.Known(index, header.Names[index])).OfType<ColumnPlan>().ToList();
        if (!known.Exists(IsStudent))
        {
            // Nobody named the students' column: the first one with mostly text is theirs.
            var rows = Headers.RowsFrom(table, header.Row + 1).Where(row => !table.IsBlank(row)).ToList();
            var first = Enumerable.Range(0, table.Width).Cast<int?>().FirstOrDefault(c => rows.Count(r => IsText(table[r, c!.Value])) * 2 > rows.Count);
            if (first is not { } column)
                throw new GradebookError("No column names the students", "Name one column \"Name\", \"Student ID\" or \"E-mail\".", table.LineOf(header.Row));
            known.RemoveAll(c => c.Index == column);
            known.Add(new ColumnPlan(column, header.Names[column], ColumnRole.FullName));
        }
        return [.. Headers.WholeNames(known)];
    }

    private static bool IsStudent(ColumnPlan plan) => plan.Role is not (ColumnRole.Ignored or ColumnRole.Assessment or ColumnRole.Section);

    private static bool IsText(string text) => text.Length > 1 && CellValueReader.Read(text, DecimalMark.Point).Kind == CellKind.Text;

    private static List<int> StudentRowsOf(Table table, HandKeptHeader header, List<ColumnPlan> columns, ReadNotes notes)
    {
        var identity = columns.Where(IsStudent).Select(c => c.Index).ToList();
        var rows = new List<int>();
        foreach (var row in Headers.RowsFrom(table, header.Row + 1).Where(row => !table.IsBlank(row)))
        {
            var texts = identity.Select(c => table[row, c]).Where(text => text.Length > 0).ToList();
            var label = texts.Count <= 1 ? LabelOf(table, row, texts, identity) : null;
            if (label is { } above && above != RowLabel.Summary && rows.Count == 0)
                header.Label(above, row);
            else if (label is not null)
                notes.Warn($"Line {table.LineOf(row)} (\"{table.Texts(row).FirstOrDefault(t => t.Length > 0)}\") is not a student and was left out");
            else if (texts.Count == 0 && rows.Count == 0 && IsMaximaRow(table, row))
                header.Label(RowLabel.Maximum, row);
            else if (IsNote(table, row, texts, identity))
                notes.Warn($"Line {table.LineOf(row)} (\"{texts[0]}\") has only a text and was left out");
            else if (!RepeatsHeader(table, row, header))
                rows.Add(row);
        }
        return rows;
    }

    // A remark below the students: one cell is filled, where students have two and more (name and id).
    private static bool IsNote(Table table, int row, List<string> texts, List<int> identity) =>
        identity.Count > 1 && texts.Count == 1 && table.Texts(row).Count(text => text.Length > 0) == 1;

    private static RowLabel? LabelOf(Table table, int row, List<string> texts, List<int> identity)
    {
        if (texts.Count == 1)
            return RowWords.LabelOf(texts[0]);
        var first = table.Texts(row).Take(identity[0] + 2).FirstOrDefault(text => text.Length > 0);
        return first is null ? null : RowWords.LabelOf(first);
    }

    // Numbers and nobody's name, right under the header: what can be reached.
    private static bool IsMaximaRow(Table table, int row)
    {
        var texts = table.Texts(row).Where(text => text.Length > 0).ToList();
        return texts.Count > 0 && texts.TrueForAll(text => CellValueReader.Read(text, DecimalMark.Point).IsScore);
    }

    private static bool RepeatsHeader(Table table, int row, HandKeptHeader header) =>
        table.Texts(row).Zip(header.Names).Count(pair => pair.First.Length > 0 && pair.First == pair.Second) * 2 > header.Names.Count(name => name.Length > 0);
}
