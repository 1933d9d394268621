using Provost.Gradebooks.Layouts;
using Provost.Gradebooks.Tables;
using Provost.Gradebooks.Values;

namespace Provost.Gradebooks.Moodle;

/// <summary>One grade item with the columns that show it.</summary>
internal sealed class MoodleItem(MoodleColumn column)
{
    public MoodleColumn Column { get; } = column;

    public Dictionary<MoodleDisplay, (int Index, string Header)> Forms { get; } = [];

    /// <summary>Points are read where they are; per cent only alone, but beside points they tell the maximum; letters never.</summary>
    public IEnumerable<ColumnPlan> Plans(Table table, IReadOnlyList<int> rows, ReadNotes notes)
    {
        var real = Forms.TryGetValue(MoodleDisplay.Real, out var points);
        var percent = Forms.TryGetValue(MoodleDisplay.Percentage, out var percentage);
        if (Forms.TryGetValue(MoodleDisplay.Letter, out var letter))
            yield return ColumnPlan.Ignore(letter.Index, letter.Header, "letter grades, not scores");
        if (real)
            yield return Plan(points.Index) with { MaxScore = Column.MaxScore ?? (percent ? MaximumFrom(table, rows, points.Index, percentage.Index, notes) : null) };
        if (percent)
            yield return real
                ? ColumnPlan.Ignore(percentage.Index, percentage.Header, "the same item in per cent")
                : Plan(percentage.Index) with { Percentages = true };
    }

    private ColumnPlan Plan(int index) => new(index, Column.Name, ColumnRole.Assessment)
    {
        Kind = Column.Kind,
        ExtraCredit = Headers.SaysExtraCredit(Column.Name),
        Completion = true,
    };

    private double? MaximumFrom(Table table, IReadOnlyList<int> rows, int points, int percentage, ReadNotes notes)
    {
        var (real, percent) = (ColumnValues.Read(table, rows, points, DecimalMark.Point).Cells, ColumnValues.Read(table, rows, percentage, DecimalMark.Point).Cells);
        var ratios = Enumerable.Range(0, rows.Count)
            .Where(i => real[i].IsScore && percent[i].IsScore && percent[i].Value > 0 && real[i].Value > 0)
            .OrderByDescending(i => percent[i].Value).Select(i => 100 * real[i].Value / percent[i].Value).ToList();
        if (ratios.Count == 0)
            return null;
        var max = ratios[0];
        // Both forms are rounded to two decimals: a whole number within that error is meant.
        var rounded = Math.Abs(max - Math.Round(max)) < 0.02 * Math.Max(1, max / 100) ? Math.Round(max) : Math.Round(max, 2);
        if (rounded <= 0)
            return null;
        notes.Guess($"\"{Column.Name}\" has {rounded:0.##} points: points divided by per cent");
        return rounded;
    }
}
