using System.Text.RegularExpressions;
using Provost.Gradebooks.Layouts;
using Provost.Gradebooks.Tables;

namespace Provost.Gradebooks.Brightspace;

/// <summary>Brightspace (D2L): Grades, Export to CSV.</summary>
internal static partial class BrightspaceFormat
{
    public static bool Recognises(Table table, int header)
    {
        var texts = table.Texts(header).ToList();
        return texts.Exists(text => text.Contains("MaxPoints:", StringComparison.OrdinalIgnoreCase) && BrightspaceColumn.Parse(text) is not null)
            || texts.Exists(text => CellText.Word(text) == "end-of-line indicator")
            || texts.Exists(text => CellText.Word(text) == "orgdefinedid") && texts.Exists(text => text.Contains("Points Grade", StringComparison.OrdinalIgnoreCase));
    }

    public static Layout Layout(Table table, int header)
    {
        var notes = new ReadNotes();
        var rows = Headers.RowsFrom(table, header + 1).Where(row => !table.IsBlank(row)).ToList();
        var texts = table.Texts(header).ToList();
        var columns = texts.Select((text, index) => PlanOf(index, text)).OfType<ColumnPlan>().ToList();
        return new Layout("brightspace", rows, Headers.WholeNames(WithoutDoubles(columns, notes)), notes);
    }

    private static ColumnPlan? PlanOf(int index, string text)
    {
        if (Headers.Known(index, text) is { } known)
            return known;
        if (text.Length == 0)
            return null;
        if (IsComputed().IsMatch(text))
            return ColumnPlan.Ignore(index, text, TotalWords.Reason);
        if (BrightspaceColumn.Parse(text) is { } column)
            return column.Plan(index);
        if (PlainGrade().Match(text) is { Success: true } plain)
            return new ColumnPlan(index, plain.Groups[1].Value.Trim(), ColumnRole.Assessment) { ExtraCredit = Headers.SaysExtraCredit(text) };
        return TotalWords.IsTotal(text)
            ? ColumnPlan.Ignore(index, text, TotalWords.Reason)
            : ColumnPlan.Ignore(index, text, "not a grade item: its header has no type");
    }

    // Points and weighted grade of one item may both be exported: the points are kept.
    private static List<ColumnPlan> WithoutDoubles(List<ColumnPlan> columns, ReadNotes notes)
    {
        var seen = new HashSet<(string, string)>();
        var doubles = columns.Where(c => c.Role == ColumnRole.Assessment && !seen.Add((c.Name, c.Kind))).Select(c => c.Index).ToHashSet();
        if (doubles.Count > 0)
            notes.Guess($"{ReadNotes.Count(doubles.Count, "column repeats", "columns repeat")} an item in another form; the first form was read");
        return [.. columns.Select(c => doubles.Contains(c.Index) ? ColumnPlan.Ignore(c.Index, c.Name, "the same item in another form") : c)];
    }

    [GeneratedRegex(@"\b(Subtotal|(Calculated|Adjusted|Final)\s+(Calculated\s+|Adjusted\s+|Final\s+)?Grade)\b.*$|\b(Weighted\s+)?(Numerator|Denominator)$",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase, 1000)]
    private static partial Regex IsComputed();

    [GeneratedRegex(@"^(.*\S)\s+Points Grade$", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase | RegexOptions.Singleline, 1000)]
    private static partial Regex PlainGrade();
}
