using System.Text.RegularExpressions;
using Provost.Gradebooks.Layouts;
using Provost.Gradebooks.Tables;
using Provost.Gradebooks.Values;

namespace Provost.Gradebooks.HandKept;

/// <summary>Tells scores from comments, letters, totals and ratios in a sheet that does not say.</summary>
internal sealed partial class HandKeptColumns(Table table, HandKeptHeader header, IReadOnlyList<int> rows, ReadNotes notes)
{
    private readonly Dictionary<int, ColumnValues> values = [];

    public ColumnPlan? PlanOf(int index)
    {
        var name = NameOf(index);
        var cells = ValuesOf(index);
        if (name.Length == 0)
            return cells.Filled == 0 ? null : Unnamed(index, cells);
        if (TotalWords.IsTotal(header.Names[index].Length > 0 ? header.Names[index] : name) && !IsExam(name))
            return ColumnPlan.Ignore(index, name, TotalWords.Reason);
        if (cells.Filled > 0 && cells.Texts + cells.Letters > cells.Scores + cells.States + cells.Completions)
            return ColumnPlan.Ignore(index, name, cells.Letters > cells.Texts ? "letter grades, not scores" : "a comment or other text, not scores");
        if (cells.Completions > cells.Scores)
            return ColumnPlan.Ignore(index, name, "complete or incomplete, without points");
        return LooksLikeIds(index) ? ColumnPlan.Ignore(index, name, "numbers that look like ids") : Assessment(index, name, cells);
    }

    // 20481, 20517, 20533: whole numbers of one length, none twice, none missing.
    private bool LooksLikeIds(int index)
    {
        var texts = rows.Select(row => table[row, index]).ToList();
        return texts.Count >= 3 && header.Labelled(RowLabel.Maximum, index).Length == 0 && texts.TrueForAll(text => text.Length >= 4 && text.Length == texts[0].Length && text.All(char.IsAsciiDigit))
            && texts.Distinct(StringComparer.Ordinal).Count() == texts.Count;
    }

    private static ColumnPlan Unnamed(int index, ColumnValues cells) =>
        ColumnPlan.Ignore(index, $"column {index + 1}", cells.Scores > 0 ? "has numbers but no name in the header" : "has no name in the header");

    private ColumnPlan Assessment(int index, string name, ColumnValues cells)
    {
        var hint = MaximumInName().Match(name);
        var weight = WeightInName().Match(name);
        var labelled = header.Labelled(RowLabel.Maximum, index);
        var max = Number(labelled) ?? (hint.Success ? Number(hint.Groups["max"].Value) : null);
        if (max is not null && labelled.Length == 0)
            notes.Guess($"\"{name}\" is out of {max:0.##}: read from its name");
        return new ColumnPlan(index, name, ColumnRole.Assessment)
        {
            MaxScore = max,
            Weight = Number(header.Labelled(RowLabel.Weight, index).TrimEnd('%')) ?? (weight.Success ? Number(weight.Groups["weight"].Value) : null),
            DueDate = DateText.Parse(header.Labelled(RowLabel.Due, index)),
            Kind = header.Labelled(RowLabel.Kind, index) is { Length: > 0 } kind ? kind : header.Groups[index],
            ExtraCredit = Headers.SaysExtraCredit(name) || Headers.SaysExtraCredit(header.Groups[index]),
            Percentages = cells.Percents > 0 && cells.Percents == cells.Scores,
        };
    }

    private static double? Number(string text) => CellValueReader.Read(text, NumberText.Evidence(text) ?? DecimalMark.Point) is { IsScore: true } value ? value.Value : null;

    // Under a group "Homework", columns "1", "2" are "Homework 1", "Homework 2".
    private string NameOf(int index)
    {
        var (name, group) = (header.Names[index], header.Groups[index]);
        if (group.Length == 0 || group == name)
            return name;
        if (name.Length == 0)
            return table.Rows[header.Row].Cells.Length > index && ValuesOf(index).Filled > 0 ? group : "";
        var ambiguous = NumberText.Parse(name.TrimStart('#'), DecimalMark.Point) is not null || header.Names.Count(n => n == name) > 1;
        return ambiguous ? $"{group} {name}" : name;
    }

    private static bool IsExam(string name) => name.Contains("exam", StringComparison.OrdinalIgnoreCase) && !name.EndsWith('%') && !name.Contains("total", StringComparison.OrdinalIgnoreCase)
        && !name.Contains("average", StringComparison.OrdinalIgnoreCase) && !name.Contains("avg", StringComparison.OrdinalIgnoreCase);

    private ColumnValues ValuesOf(int index)
    {
        if (!values.TryGetValue(index, out var read))
            values[index] = read = ColumnValues.Read(table, rows, index, DecimalMark.Point);
        return read;
    }

    /// <summary>A column that equals the sum or the mean of all assessments before it, or of those since the last such column, is a total under another name.</summary>
    public IReadOnlyList<ColumnPlan> WithoutSums(IReadOnlyList<ColumnPlan> columns)
    {
        var checkedColumns = new List<ColumnPlan>();
        var since = new List<int>();
        var all = new List<int>();
        foreach (var column in columns)
        {
            if (column.Role == ColumnRole.Assessment && (Computes(column.Index, all) ?? Computes(column.Index, since) ?? Repeats(column, all)) is { } how)
            {
                checkedColumns.Add(ColumnPlan.Ignore(column.Index, column.Name, $"equals the {how} before it"));
                since.Clear();
                continue;
            }
            checkedColumns.Add(column);
            if (column.Role == ColumnRole.Assessment)
            {
                since.Add(column.Index);
                all.Add(column.Index);
            }
        }
        return WeightsOfAllOrNone(checkedColumns);
    }

    // "Midterm (30%)" beside columns that state nothing: the others do not weigh nothing.
    private List<ColumnPlan> WeightsOfAllOrNone(List<ColumnPlan> columns)
    {
        var assessments = columns.FindAll(column => column.Role == ColumnRole.Assessment && !column.ExtraCredit);
        if (header.Has(RowLabel.Weight) || assessments.TrueForAll(column => column.Weight is null) || assessments.TrueForAll(column => column.Weight is not null))
            return columns;
        notes.Guess($"Only {ReadNotes.Names([.. assessments.Where(column => column.Weight is not null).Select(column => column.Name)])} state a weight in the name: weights were not taken from names");
        return columns.ConvertAll(column => column with { Weight = null });
    }

    // Per cent of a column before it: the same scores twice.
    private string? Repeats(ColumnPlan column, List<int> before)
    {
        var own = ValuesOf(column.Index).Cells;
        foreach (var other in column.Percentages ? before : [])
        {
            var ratios = own.Zip(ValuesOf(other).Cells).Where(pair => pair.First.IsScore && pair.Second is { IsScore: true, Value: > 0 })
                .Select(pair => pair.First.Value / pair.Second.Value).ToList();
            if (ratios.Count >= 3 && ratios.Max() - ratios.Min() <= 0.02 * Math.Abs(ratios.Max()) && own.Select(cell => cell.Value).Distinct().Count() > 2)
                return $"per cent of \"{NameOf(other)}\"";
        }
        return null;
    }

    private string? Computes(int index, List<int> before)
    {
        var own = ValuesOf(index).Cells;
        var (sums, means, compared) = (0, 0, 0);
        for (var i = 0; before.Count >= 2 && i < own.Length; i++)
        {
            var parts = before.Select(column => ValuesOf(column).Cells[i]).Where(cell => cell.IsScore).Select(cell => cell.Value).ToList();
            if (!own[i].IsScore || parts.Count < 2)
                continue;
            compared++;
            var tolerance = 0.006 + Math.Abs(own[i].Value) * 0.002;
            sums += Math.Abs(parts.Sum() - own[i].Value) <= tolerance ? 1 : 0;
            means += Math.Abs(parts.Average() - own[i].Value) <= tolerance ? 1 : 0;
        }
        return compared < 3 ? null : sums >= 0.9 * compared ? "sum of columns" : means >= 0.9 * compared ? "mean of columns" : null;
    }

    [GeneratedRegex(@"(/\s*|\bout of\s+|\bmax\.?:?\s*|\()(?<max>\d+([.,]\d+)?)\s*(points?|pts?\.?|marks?|punkte|pkt\.?|p)?\s*[\])]?\s*$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex MaximumInName();

    [GeneratedRegex(@"[\[(]\s*(?<weight>\d+([.,]\d+)?)\s*%\s*[\])]", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex WeightInName();
}
