using Provost.Gradebooks.Tables;
using Provost.Gradebooks.Values;

namespace Provost.Gradebooks.Layouts;

/// <summary>An assessment's plan with its cells, one per student row, and the maximum that turns points into per cent.</summary>
internal sealed record AssessmentColumn(ColumnPlan Plan, ColumnValues Values)
{
    public double MaxScore { get; init; } = 100;
    public bool ExtraCredit { get; init; } = Plan.ExtraCredit;
}

/// <summary>Reads the assessment columns, finds each one's maximum, and drops columns that turn out to hold no scores.</summary>
internal sealed class AssessmentColumns(Table table, Layout layout, List<IgnoredColumn> ignored)
{
    private readonly List<string> guessedMaxima = [];
    private readonly List<string> completions = [];
    private readonly List<string> percentages = [];

    public List<AssessmentColumn> Read()
    {
        var plans = layout.Columns.Where(column => column.Role == ColumnRole.Assessment).ToList();
        var fallback = FileMark(plans);
        var columns = new List<AssessmentColumn>();
        foreach (var plan in plans)
        {
            var values = ColumnValues.Read(table, layout.StudentRows, plan.Index, fallback);
            if (ReasonAgainst(plan, values) is { } reason)
                ignored.Add(new IgnoredColumn(plan.Name, reason));
            else
                columns.Add(WithMaximum(plan, values));
        }
        Report(columns);
        return columns;
    }

    // Columns whose own numbers do not tell (whole numbers, 1,250) follow the rest of the file.
    private DecimalMark FileMark(List<ColumnPlan> plans)
    {
        var marks = plans.Select(plan => ColumnValues.MarkOf(table, layout.StudentRows, plan.Index)).OfType<DecimalMark>().ToList();
        var comma = marks.Count(mark => mark == DecimalMark.Comma);
        if (comma == 0)
            return DecimalMark.Point;
        layout.Notes.Guess(comma == marks.Count
            ? "Numbers are written with a decimal comma (8,5)"
            : $"Numbers are written with a decimal comma in {comma} of {marks.Count} columns, with a decimal point in the others; each column was read by itself");
        return comma * 2 > marks.Count ? DecimalMark.Comma : DecimalMark.Point;
    }

    private static string? ReasonAgainst(ColumnPlan plan, ColumnValues values)
    {
        if (values.Filled == 0 || values.Scores + values.States > 0 && values.Scores + values.States >= values.Letters + values.Texts)
            return null;
        if (values.Completions >= values.Filled / 2.0 && plan.Completion)
            return null;
        if (values.Letters > values.Texts)
            return "letter grades, not scores";
        return values.Completions > values.Texts ? "complete or incomplete, without points" : "text, not scores";
    }

    private AssessmentColumn WithMaximum(ColumnPlan plan, ColumnValues values)
    {
        if (values.Completions > 0 && plan.Completion)
            completions.Add(plan.Name);
        var column = new AssessmentColumn(plan, values);
        if (plan.Percentages || plan.MaxScore is null && values.Percents > 0 && values.Percents >= values.Scores - values.Percents)
        {
            percentages.Add(plan.Name);
            return column with { MaxScore = plan.MaxScore is > 0 and var max ? max : 100, Plan = plan with { Percentages = true } };
        }
        if (plan.MaxScore is > 0 and var declared)
            return column with { MaxScore = declared };
        if (values.Ratios > 0)
            return column with { MaxScore = values.Cells.Where(c => c.Kind == CellKind.Ratio).GroupBy(c => c.OutOf).OrderByDescending(g => g.Count()).First().Key };
        return Guessed(column);
    }

    private AssessmentColumn Guessed(AssessmentColumn column)
    {
        var highest = column.Values.Cells.Where(cell => cell.IsScore).Select(cell => cell.Value).DefaultIfEmpty(double.NaN).Max();
        var max = MaximumGuess.For(highest);
        var extra = column.Plan.MaxScore == 0 && column.Values.Scores > 0;
        guessedMaxima.Add(double.IsNaN(highest) ? $"\"{column.Plan.Name}\": 100 (no scores yet)" : $"\"{column.Plan.Name}\": {max:0.##} (highest score {highest:0.##})");
        if (extra)
            layout.Notes.Guess($"\"{column.Plan.Name}\" is worth 0 points and has scores: it is read as extra credit");
        return column with { MaxScore = max, ExtraCredit = column.ExtraCredit || extra };
    }

    private void Report(List<AssessmentColumn> columns)
    {
        if (guessedMaxima.Count > 0)
            layout.Notes.Guess($"The file does not say how many points are possible in {ReadNotes.Count(guessedMaxima.Count, "column")}; the highest score was rounded up to a usual scale: {string.Join(", ", guessedMaxima)}");
        if (percentages.Count > 0)
            layout.Notes.Guess($"Scores are per cent in {ReadNotes.Count(percentages.Count, "column")}: {ReadNotes.Names(percentages)}");
        if (completions.Count > 0)
            layout.Notes.Guess($"\"Complete\" counts as full marks and \"incomplete\" as 0 in {ReadNotes.Names(completions)}");
        var named = columns.Where(column => column.ExtraCredit && column.Plan is { ExtraCredit: true }).Select(column => column.Plan.Name).ToList();
        if (named.Count > 0)
            layout.Notes.Guess($"Read as extra credit because of the name: {ReadNotes.Names(named)}");
    }
}
