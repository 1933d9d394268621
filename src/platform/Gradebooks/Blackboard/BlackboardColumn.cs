using System.Text.RegularExpressions;
using Provost.Gradebooks.Layouts;
using Provost.Gradebooks.Tables;
using Provost.Gradebooks.Values;

namespace Provost.Gradebooks.Blackboard;

/// <summary>A Grade Center header: Midterm [Total Pts: 100 Score] |3164280.</summary>
/// <param name="Prefix">"up to" of calculated columns, in the interface's language; empty otherwise.</param>
/// <param name="Display">Score, Points, Percentage, Letter, Text, Complete/Incomplete; empty in old releases.</param>
internal sealed partial record BlackboardColumn(string Name, string Prefix, double Points, string Display, string? Id)
{
    public static BlackboardColumn? Parse(string header)
    {
        var match = Header().Match(header.Length <= CellText.LongestHeader ? header : "");
        if (!match.Success)
            return null;
        var id = match.Groups["id"] is { Success: true } found ? found.Value : null;
        var english = match.Groups["label"].Value.Equals("Total Pts", StringComparison.OrdinalIgnoreCase);
        var points = NumberText.Parse(match.Groups["points"].Value, PointsMark(match.Groups["points"].Value));
        if (points is null || !english && id is null)
            return null;
        return new BlackboardColumn(match.Groups["name"].Value.Trim(), match.Groups["prefix"].Value.Trim(), points.Value, match.Groups["display"].Value.Trim(), id);
    }

    // up to 1,499: thousands. 12,5: a decimal comma.
    private static DecimalMark PointsMark(string text) => NumberText.Evidence(text) ?? DecimalMark.Point;

    public ColumnPlan Plan(int index)
    {
        if (Prefix.Length > 0)
            return ColumnPlan.Ignore(index, Name, "a running total of other columns");
        var display = Display.ToLowerInvariant();
        var plan = new ColumnPlan(index, Name, ColumnRole.Assessment)
        {
            Id = Id,
            MaxScore = Points,
            ExtraCredit = Headers.SaysExtraCredit(Name),
            Percentages = IsPercentage(display),
            Completion = Points > 0 && !IsText(display) && !IsLetter(display),
        };
        if (IsTotalName() || plan.Percentages && Points == 0)
            return ColumnPlan.Ignore(index, Name, "a running total of other columns");
        return IsText(display) && Points == 0 ? ColumnPlan.Ignore(index, Name, "text, not scores") : plan;
    }

    private bool IsTotalName() => Name is "Total" or "Weighted Total" or "Running Total" || TotalWords.IsTotal(Name) && Points == 0;

    private static bool IsPercentage(string display) => display.StartsWith("perc", StringComparison.Ordinal) || display.StartsWith("proz", StringComparison.Ordinal)
        || display.StartsWith("porc", StringComparison.Ordinal) || display.StartsWith("pourc", StringComparison.Ordinal) || display == "%";

    private static bool IsText(string display) => display is "text" or "texte" or "texto" or "testo" or "tekst";

    private static bool IsLetter(string display) => display is "letter" or "lettre" or "letra" or "lettera" or "buchstabe" or "note";

    [GeneratedRegex(@"^(?<name>.*?)\s*\[(?<label>[^\[\]:]{2,40}):\s*(?<prefix>[^\d\[\]]*?)\s*(?<points>-?\d[\d.,'\u00A0\u202F]*)\s*(?<display>[^\[\]]*)\](\s*\|\s*(?<id>\d+))?(\s*Lock-date:.*)?\s*$",
        RegexOptions.CultureInvariant | RegexOptions.Singleline, 1000)]
    private static partial Regex Header();
}
