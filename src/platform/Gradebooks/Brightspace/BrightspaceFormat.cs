using System.Text.RegularExpressions;
using Provost.Gradebooks.Layouts;
using Provost.Gradebooks.Tables;
using Provost.Gradebooks.Values;

namespace Provost.Gradebooks.Brightspace;

/// <summary>Brightspace (D2L): Grades, Export to CSV.</summary>
internal static partial class BrightspaceFormat
{
    public static bool Recognises(Table table, int header)
    {
        var texts = table.Texts(header).ToList();
        return texts.Exists(text => BrightspaceColumn.Parse(text) is { MaxPoints: not null })
            || texts.Exists(text => CellText.Word(text) == "end-of-line indicator")
            || texts.Exists(text => CellText.Word(text) == "orgdefinedid") && texts.Exists(text => text.Contains("Points Grade", StringComparison.OrdinalIgnoreCase));
    }

    public static Layout Layout(Table table, int header)
    {
        var notes = new ReadNotes();
        var texts = table.Texts(header).ToList();
        var rows = StudentRowsOf(table, header, texts, notes);
        var columns = texts.Select((text, index) => PlanOf(table, rows, index, text)).OfType<ColumnPlan>().ToList();
        return new Layout("brightspace", rows, Headers.WholeNames(WithoutDoubles(columns, notes)), notes);
    }

    // Every course has a demonstration student: Student, Demo, #demo.2989376.
    private static List<int> StudentRowsOf(Table table, int header, List<string> texts, ReadNotes notes)
    {
        var login = texts.FindIndex(text => StudentWords.RoleOf(text) == ColumnRole.Login);
        var rows = Headers.RowsFrom(table, header + 1).Where(row => !table.IsBlank(row)).ToList();
        foreach (var row in rows.FindAll(row => login >= 0 && DemoStudent().IsMatch(table[row, login])))
        {
            notes.Warn($"Line {table.LineOf(row)}: the demonstration student was left out");
            rows.Remove(row);
        }
        return rows;
    }

    private static ColumnPlan? PlanOf(Table table, List<int> rows, int index, string text)
    {
        if (Headers.Known(index, text) is { } known)
            return known;
        if (text.Length == 0)
            return null;
        if (IsComputed().IsMatch(text))
            return ColumnPlan.Ignore(index, text, TotalWords.Reason);
        if (BrightspaceColumn.Parse(text) is { } column)
            return column.Plan(index);
        if (Symbol().Match(text) is { Success: true } symbol)
            return SymbolPlan(table, rows, index, symbol.Groups[1].Value.Trim());
        if (PlainGrade().Match(text) is { Success: true } plain)
            return new ColumnPlan(index, plain.Groups[1].Value.Trim(), ColumnRole.Assessment) { ExtraCredit = Headers.SaysExtraCredit(text) };
        return TotalWords.IsTotal(text)
            ? ColumnPlan.Ignore(index, text, TotalWords.Reason)
            : ColumnPlan.Ignore(index, text, "not a grade item: its header has no type");
    }

    // A grade scheme may show per cent, "85 %": a score when the item has no other column (doubles are taken out after).
    private static ColumnPlan SymbolPlan(Table table, List<int> rows, int index, string name)
    {
        var values = ColumnValues.Read(table, rows, index, DecimalMark.Point);
        return values.Percents > 0 && values.Percents * 2 > values.Filled
            ? new ColumnPlan(index, name, ColumnRole.Assessment) { Percentages = true, ExtraCredit = Headers.SaysExtraCredit(name) }
            : ColumnPlan.Ignore(index, name + " Scheme Symbol", "letter grades, not scores");
    }

    // Points and weighted grade of one item may both be exported: the points are kept.
    private static List<ColumnPlan> WithoutDoubles(List<ColumnPlan> columns, ReadNotes notes)
    {
        // Points come first, whatever the order of the columns: they carry the maximum. Two items may share a name.
        var (names, items) = (new HashSet<string>(StringComparer.Ordinal), new HashSet<(string, string, double?)>());
        var doubles = new HashSet<int>();
        foreach (var column in columns.Where(c => c.Role == ColumnRole.Assessment).OrderBy(c => c.Percentages || c.MaxScore is null))
        {
            var named = !names.Add(column.Name);
            if (!items.Add((column.Name, column.Kind, column.MaxScore)) || named && (column.Percentages || column.MaxScore is null))
                doubles.Add(column.Index);
        }
        if (doubles.Count > 0)
            notes.Guess($"{ReadNotes.Count(doubles.Count, "column repeats", "columns repeat")} an item in another form; the points were read");
        return [.. columns.Select(c => doubles.Contains(c.Index) ? ColumnPlan.Ignore(c.Index, c.Name, "the same item in another form") : c)];
    }

    [GeneratedRegex(@"\b(Subtotal|(Calculated|Adjusted|Final)\s+(Calculated\s+|Adjusted\s+|Final\s+)?Grade)\b.*$|\b(Weighted\s+)?(Numerator|Denominator)$",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase, 1000)]
    private static partial Regex IsComputed();

    [GeneratedRegex(@"^(.*\S)\s+(Grade )?Scheme Symbol$", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase | RegexOptions.Singleline, 1000)]
    private static partial Regex Symbol();

    [GeneratedRegex(@"^#?demo\.\d+$", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex DemoStudent();

    [GeneratedRegex(@"^(.*\S)\s+Points Grade$", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase | RegexOptions.Singleline, 1000)]
    private static partial Regex PlainGrade();
}
