using Provost.Gradebooks.Layouts;
using Provost.Gradebooks.Tables;

namespace Provost.Gradebooks.Moodle;

/// <summary>Moodle: the "plain text file" grade export, in any language. An item may appear as points, per cent and letter: it is one assessment.</summary>
internal static class MoodleFormat
{
    public static bool Recognises(Table table, int header)
    {
        var texts = table.Texts(header).Where(text => text.Length > 0).ToList();
        if (!texts.Exists(text => StudentWords.RoleOf(text) is not null))
            return false;
        var columns = texts.ConvertAll(MoodleColumn.Parse);
        return texts.Exists(MoodleWords.IsDownloadHeader)
            || columns.Exists(c => c.Display is MoodleDisplay.Real or MoodleDisplay.Percentage && (c.Kind.Length > 0 || c.IsTotal || c.DisplayWord.Length > 1))
            || columns.Exists(c => c.Kind.Length > 0 && c.Item.Contains(':')) && HasNames(texts)
            || IsUnixTime(table, header);
    }

    private static bool HasNames(List<string> texts) =>
        texts.Exists(t => StudentWords.RoleOf(t) == ColumnRole.FirstName) && texts.Exists(t => StudentWords.RoleOf(t) == ColumnRole.LastName);

    // In a language that this page does not know, the last column still holds the second of the download, the same in all rows.
    private static bool IsUnixTime(Table table, int header)
    {
        var rows = Headers.RowsFrom(table, header + 1).Where(row => !table.IsBlank(row)).ToList();
        return rows.Count > 0 && rows.TrueForAll(row => IsSecond(table[row, table.Rows[header].Cells.Length - 1]));
    }

    private static bool IsSecond(string text) => text.Length == 10 && long.TryParse(text, out var second) && second is > 1_000_000_000 and < 4_000_000_000;

    public static Layout Layout(Table table, int header)
    {
        var notes = new ReadNotes();
        var rows = Headers.RowsFrom(table, header + 1).Where(row => !table.IsBlank(row)).ToList();
        var texts = table.Texts(header).ToList();
        var plans = new List<ColumnPlan>();
        var items = new List<MoodleItem>();
        for (var index = 0; index < texts.Count; index++)
            Take(table, rows, index, texts[index], plans, items);
        TakeOutProfile(table, rows, plans, items);
        TakeOutTotal(plans, items, notes);
        plans.AddRange(items.SelectMany(item => item.Plans(table, rows, notes)));
        return new Layout("moodle", rows, Headers.WholeNames([.. plans.OrderBy(plan => plan.Index)]), notes);
    }

    private static void Take(Table table, List<int> rows, int index, string text, List<ColumnPlan> plans, List<MoodleItem> items)
    {
        if (text.Length == 0)
            return;
        if (Headers.Known(index, text) is { } known)
        {
            plans.Add(known);
            return;
        }
        var column = MoodleColumn.Parse(text);
        if (MoodleWords.IsDownloadHeader(text) || index == table.Width - 1 && rows.Count > 0 && rows.TrueForAll(row => IsSecond(table[row, index])))
            plans.Add(ColumnPlan.Ignore(index, text, "when the file was downloaded"));
        else if (column.Display == MoodleDisplay.Feedback)
            plans.Add(ColumnPlan.Ignore(index, text, "a comment, not a score"));
        else if (column.IsTotal)
            plans.Add(ColumnPlan.Ignore(index, text, TotalWords.Reason));
        else
            AddForm(items, index, text, column);
    }

    // Where headers show the form of a grade, "(Real)", a column without one is a field of the student's profile.
    private static void TakeOutProfile(Table table, List<int> rows, List<ColumnPlan> plans, List<MoodleItem> items)
    {
        if (!items.Exists(item => item.Column.DisplayWord.Length > 0))
            return;
        foreach (var item in items.FindAll(item => item.Column.DisplayWord.Length == 0))
        {
            var (index, header) = item.Forms.Values.Single();
            var emails = rows.Count(row => table[row, index].Contains('@', StringComparison.Ordinal));
            plans.Add(emails * 2 > rows.Count ? new ColumnPlan(index, header, ColumnRole.Email) : ColumnPlan.Ignore(index, header, "about the student, not a score"));
            items.Remove(item);
        }
    }

    // In a language whose words are not known, the last item, when it alone names no activity, is the course's total.
    private static void TakeOutTotal(List<ColumnPlan> plans, List<MoodleItem> items, ReadNotes notes)
    {
        var unknown = items.FindAll(item => item.Column is { Display: null, DisplayWord.Length: > 0 });
        if (unknown.Count < 2 || unknown[^1].Column.Item.Contains(':', StringComparison.Ordinal) || !unknown[..^1].TrueForAll(item => item.Column.Item.Contains(':', StringComparison.Ordinal)))
            return;
        var (index, header) = unknown[^1].Forms.Values.Single();
        plans.Add(ColumnPlan.Ignore(index, header, TotalWords.Reason));
        items.Remove(unknown[^1]);
        notes.Guess($"\"{header}\" comes last and names no activity: read as the course's total");
    }

    // The n-th column of a form belongs to the n-th item of that name: teachers do use a name twice.
    private static void AddForm(List<MoodleItem> items, int index, string text, MoodleColumn column)
    {
        var form = column.Display ?? MoodleDisplay.Real;
        var item = column.Display is null ? null : items.Find(i => i.Column.Item == column.Item && i.Column.Display is not null && !i.Forms.ContainsKey(form));
        if (item is null)
            items.Add(item = new MoodleItem(column));
        item.Forms[form] = (index, text);
    }
}
