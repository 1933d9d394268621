using System.Text.RegularExpressions;
using Provost.Gradebooks.Layouts;
using Provost.Gradebooks.Tables;
using Provost.Gradebooks.Values;

namespace Provost.Gradebooks.Brightspace;

/// <summary>A Brightspace header: Lab 1 Points Grade &lt;Numeric MaxPoints:10 Weight:16.67 Category:Labs CategoryWeight:10&gt;.</summary>
internal sealed partial record BrightspaceColumn(string Name, string Type, double? MaxPoints, double? Weight, string Category, double? CategoryWeight, string Display)
{
    public static BrightspaceColumn? Parse(string header)
    {
        var match = Header().Match(header.Length <= CellText.LongestHeader ? header : "");
        if (!match.Success)
            return null;
        var details = match.Groups["details"].Value;
        return new BrightspaceColumn(
            match.Groups["name"].Value.Trim(), match.Groups["type"].Value, Number(MaxPart().Match(details)) ?? Number(FirstNumber().Match(details)), Number(WeightPart().Match(details)),
            CategoryPart().Match(details) is { Success: true } category ? category.Groups[1].Value.Trim() : "", Number(CategoryWeightPart().Match(details)),
            match.Groups["display"].Value);
    }

    private static double? Number(Match match) => match.Success ? NumberText.Parse(match.Groups[1].Value, NumberText.Evidence(match.Groups[1].Value) ?? DecimalMark.Point) : null;

    public bool IsSymbol => Display.Contains("Symbol", StringComparison.OrdinalIgnoreCase);

    public ColumnPlan Plan(int index)
    {
        if (IsSymbol)
            return ColumnPlan.Ignore(index, Name, "letter grades, not scores");
        if (Type.Equals("Text", StringComparison.OrdinalIgnoreCase))
            return ColumnPlan.Ignore(index, Name, "text, not scores");
        if (Type.Equals("Calculated", StringComparison.OrdinalIgnoreCase) || Type.Equals("Formula", StringComparison.OrdinalIgnoreCase))
            return ColumnPlan.Ignore(index, Name, TotalWords.Reason);
        return new ColumnPlan(index, Name, ColumnRole.Assessment)
        {
            MaxScore = MaxPoints,
            // The item's weight is a share of its category, the category's a share of the course.
            Weight = Weight is { } weight && CategoryWeight is { } category ? weight * category / 100 : Weight,
            Kind = Category,
            ExtraCredit = Headers.SaysExtraCredit(Name),
            Percentages = Display.StartsWith("Percent", StringComparison.OrdinalIgnoreCase),
            Completion = true,
        };
    }

    [GeneratedRegex(@"^(?<name>.*?)\s*(?<display>Points Grade|Weighted Grade|Percentage Grade|Percent Grade|Scheme Symbol|Grade Scheme Symbol|Symbol|Text Grade|Grade)?\s*<(?<type>\p{L}+)(?<details>(\s[^<>]*)?)>$",
        RegexOptions.CultureInvariant | RegexOptions.Singleline | RegexOptions.IgnoreCase, 1000)]
    private static partial Regex Header();

    [GeneratedRegex(@"\bMaxPoints:\s*([\d.,]+)", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex MaxPart();

    // In another language the points still come first.
    [GeneratedRegex(@"^\s*\p{L}+:\s*([\d.,]+)", RegexOptions.CultureInvariant)]
    private static partial Regex FirstNumber();

    [GeneratedRegex(@"(?<![A-Za-z])Weight:\s*([\d.,]+)", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex WeightPart();

    [GeneratedRegex(@"\bCategory:(.*?)(?=\s+CategoryWeight:|$)", RegexOptions.CultureInvariant | RegexOptions.Singleline | RegexOptions.IgnoreCase)]
    private static partial Regex CategoryPart();

    [GeneratedRegex(@"\bCategoryWeight:\s*([\d.,]+)", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex CategoryWeightPart();
}
