using Provost.Gradebooks.Layouts;
using Provost.Gradebooks.Tables;
using Provost.Gradebooks.Values;

namespace Provost.Gradebooks.HandKept;

/// <summary>The header of a sheet that somebody keeps by hand: where it is, and what the rows around it say about the columns.</summary>
internal sealed class HandKeptHeader
{
    private const int SearchRows = 30;
    private readonly Table table;
    private readonly Dictionary<RowLabel, int> labelled = [];

    private HandKeptHeader(Table table, int row)
    {
        (this.table, Row) = (table, row);
        Names = [.. Enumerable.Range(0, table.Width).Select(column => table[row, column])];
        Groups = GroupsAbove();
    }

    public int Row { get; }

    /// <summary>The header's own cells.</summary>
    public string[] Names { get; }

    /// <summary>What a group row above says, carried to the right until the next group; empty when there is none.</summary>
    public string[] Groups { get; }

    public static HandKeptHeader Find(Table table)
    {
        var rows = Enumerable.Range(0, Math.Min(SearchRows, table.Rows.Count)).ToList();
        var byWords = rows.FindIndex(row => table.Texts(row).Any(text => StudentWords.RoleOf(text) is not null) && table.Texts(row).Count(text => text.Length > 0) > 1);
        var header = byWords >= 0 ? byWords : rows.FindIndex(row => LooksLikeHeader(table, row));
        if (header < 0)
            throw new GradebookError($"No header row was found in \"{Path.GetFileName(table.FileName)}\"",
                "Put one row above the students with a name for each column, such as: Name, ID, Homework 1, Midterm.", table.LineOf(0));
        return new HandKeptHeader(table, header);
    }

    private static bool LooksLikeHeader(Table table, int row)
    {
        var texts = table.Texts(row).Where(text => text.Length > 0).ToList();
        var names = texts.Count(text => NumberText.Parse(text, DecimalMark.Point) is null);
        return texts.Count > 1 && names * 2 > texts.Count && row + 1 < table.Rows.Count
            && table.Texts(row + 1).Any(text => NumberText.Parse(text, DecimalMark.Point) is not null);
    }

    /// <summary>The cell of the row with that label, above the students, for one column.</summary>
    public string Labelled(RowLabel label, int column) => labelled.TryGetValue(label, out var row) ? table[row, column] : "";

    public bool Has(RowLabel label) => labelled.ContainsKey(label);

    public void Label(RowLabel label, int row) => labelled.TryAdd(label, row);

    private string[] GroupsAbove()
    {
        var groups = Enumerable.Repeat("", table.Width).ToArray();
        for (var row = Row - 1; row >= 0; row--)
        {
            var first = table.Texts(row).FirstOrDefault(text => text.Length > 0);
            if (first is not null && RowWords.LabelOf(first) is { } label and not RowLabel.Summary)
                Label(label, row);
            else if (first is not null && table.Texts(row).Skip(1).Any(text => text.Length > 0) && Array.TrueForAll(groups, group => group.Length == 0))
                Carry(row, groups);
        }
        return groups;
    }

    private void Carry(int row, string[] groups)
    {
        var current = "";
        for (var column = 0; column < groups.Length; column++)
        {
            if (table[row, column] is { Length: > 0 } text)
                current = text;
            groups[column] = current;
        }
    }
}
