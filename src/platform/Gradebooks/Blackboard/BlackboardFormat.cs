using Provost.Gradebooks.Layouts;
using Provost.Gradebooks.Tables;
using Provost.Gradebooks.Values;

namespace Provost.Gradebooks.Blackboard;

/// <summary>Blackboard Learn, Original and Ultra: the Grade Center's full download.</summary>
internal static class BlackboardFormat
{
    public static bool Recognises(Table table, int header) => table.Texts(header).Any(text => BlackboardColumn.Parse(text) is not null);

    public static Layout Layout(Table table, int header)
    {
        var notes = new ReadNotes();
        var rows = Headers.RowsFrom(table, header + 1).Where(row => !table.IsBlank(row)).ToList();
        var columns = table.Texts(header).Select((text, index) => PlanOf(table, rows, index, text, notes)).OfType<ColumnPlan>().ToList();
        if (!columns.Exists(IsStudent))
            columns = ByPosition(columns, notes);
        NoteUnavailable(table, header, rows, notes);
        return new Layout("blackboard", rows, Headers.WholeNames(columns), notes);
    }

    private static ColumnPlan? PlanOf(Table table, List<int> rows, int index, string text, ReadNotes notes)
    {
        if (BlackboardColumn.Parse(text) is { } column)
            return Check(table, rows, column.Plan(index), notes);
        if (Headers.Known(index, text) is { } known)
            return known;
        return text.Length == 0 ? null : ColumnPlan.Ignore(index, text, "no points are stated in its header, so it is not a grade column");
    }

    private static bool IsStudent(ColumnPlan plan) => plan.Role is ColumnRole.SourceId or ColumnRole.Login or ColumnRole.Email or ColumnRole.LastName or ColumnRole.FullName;

    // In a language whose words are not known: last name, first name, username, student id come first and in this order.
    private static List<ColumnPlan> ByPosition(List<ColumnPlan> columns, ReadNotes notes)
    {
        ColumnRole[] order = [ColumnRole.LastName, ColumnRole.FirstName, ColumnRole.Login, ColumnRole.SourceId];
        notes.Guess("The headers of the students' columns are in an unknown language: read as last name, first name, username and student id, in Blackboard's order");
        return columns.ConvertAll(c => c.Role == ColumnRole.Ignored && c.Index < order.Length ? new ColumnPlan(c.Index, c.Name, order[c.Index]) : c);
    }

    // "Percentage" shows 85 for 8.5 of 10; a column whose values all fit into the points shows points after all.
    private static ColumnPlan Check(Table table, List<int> rows, ColumnPlan plan, ReadNotes notes)
    {
        if (plan is not { Role: ColumnRole.Assessment, Percentages: true, MaxScore: > 0 and < 100 })
            return plan;
        var values = ColumnValues.Read(table, rows, plan.Index, DecimalMark.Point);
        if (values.Percents > 0 || values.Scores == 0 || values.Cells.Where(c => c.IsScore).Any(c => c.Value > plan.MaxScore))
            return plan;
        notes.Guess($"\"{plan.Name}\" is shown as per cent, but no value exceeds its {plan.MaxScore} points: read as points");
        return plan with { Percentages = false };
    }

    private static void NoteUnavailable(Table table, int header, List<int> rows, ReadNotes notes)
    {
        var availability = table.Texts(header).ToList().FindIndex(text => CellText.Word(text) == "availability");
        var unavailable = availability < 0 ? 0 : rows.Count(row => CellText.Word(table[row, availability]) == "no");
        if (unavailable > 0)
            notes.Guess($"{ReadNotes.Count(unavailable, "student is", "students are")} marked as not available (Availability = No) and kept");
    }
}
