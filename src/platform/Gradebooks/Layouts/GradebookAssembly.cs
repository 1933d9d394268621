using Provost.Analytics.Cells;
using Provost.Gradebooks.Tables;

namespace Provost.Gradebooks.Layouts;

/// <summary>Builds the gradebook from a table and its layout: the same steps for every format.</summary>
internal static class GradebookAssembly
{
    public static Gradebook Build(Table table, Layout layout)
    {
        layout = OnlyStudents(table, layout);
        if (table.EncodingIsGuess)
            layout.Notes.Guess("The file is not UTF-8; it was read as Windows-1252. If names look wrong, save it as \"CSV UTF-8\" and import it again");
        var ignored = layout.Columns.Where(column => column.Role == ColumnRole.Ignored && column.Name.Length > 0)
            .Select(column => new IgnoredColumn(column.Name, column.Reason)).ToList();
        var columns = new AssessmentColumns(table, layout, ignored).Read();
        if (columns.Count == 0)
            throw new GradebookError($"No column of \"{Path.GetFileName(table.FileName)}\" holds scores ({ReadNotes.Count(ignored.Count, "column was", "columns were")} left out{Why(ignored)})",
                "Export the gradebook with scores (points or per cent), not only totals or letters.", table.LineOf(0));
        var students = new StudentList(table, layout).Read();
        var assessments = AssessmentsOf(columns, layout.Notes);
        var cells = new CellStates(table, layout, columns).Read(students);
        (assessments, cells) = InDueOrder(assessments, cells, students.Count);
        return new Gradebook(
            layout.Format, table.Encoding, table.Delimiter, null, assessments, [.. students.Select(s => s.Student)], cells, null,
            layout.Notes.Guesses, ignored, layout.Notes.Warnings);
    }

    private static string Why(List<IgnoredColumn> ignored) =>
        ignored.Count == 0 ? "" : ": " + string.Join("; ", ignored.Take(5).Select(column => $"\"{column.Name}\", {column.Reason}"));

    // Rows that have something in them but name nobody are left out, and said.
    private static Layout OnlyStudents(Table table, Layout layout)
    {
        var list = new StudentList(table, layout);
        var rows = new List<int>();
        foreach (var row in layout.StudentRows)
        {
            if (list.HasStudent(row))
                rows.Add(row);
            else if (!table.IsBlank(row))
                layout.Notes.Warn($"Line {table.LineOf(row)} names no student and was left out");
        }
        if (rows.Count == 0)
            throw new GradebookError($"\"{Path.GetFileName(table.FileName)}\" has a header but no students",
                "Export the gradebook with its students: one row each, below the header.", table.LineOf(table.Rows.Count - 1));
        return layout with { StudentRows = rows };
    }

    private static List<Assessment> AssessmentsOf(List<AssessmentColumn> columns, ReadNotes notes)
    {
        var weighted = columns.Any(column => column.Plan.Weight is > 0);
        if (!weighted)
            notes.Guess("The file states no weights: each assessment weighs as much as its points");
        var without = weighted ? columns.Where(column => column.Plan.Weight is null).Select(column => column.Plan.Name).ToList() : [];
        if (without.Count > 0)
            notes.Guess($"No weight is stated for {ReadNotes.Names(without)}: counted as 0");
        var ids = new UniqueIds();
        return [.. columns.Select(column => new Assessment(
            ids.Next(column.Plan.Id ?? CellText.Slug(column.Plan.Name)), column.Plan.Name, column.MaxScore,
            weighted ? column.Plan.Weight ?? 0 : WorthNothing(column) ? 0 : column.MaxScore, DueDayOf(column, columns), column.Plan.Kind, column.ExtraCredit))];
    }

    // Worth 0 points and nobody has a score: a reminder or a survey. With scores it is extra credit, and adds.
    private static bool WorthNothing(AssessmentColumn column) => column.Plan.MaxScore == 0 && column.Values.Scores == 0;

    // Day 0 is the first date of the file: it does not say when the course began.
    private static double? DueDayOf(AssessmentColumn column, List<AssessmentColumn> columns) =>
        column.Plan.DueDate is { } due ? due.DayNumber - columns.Min(c => c.Plan.DueDate ?? DateOnly.MaxValue).DayNumber : null;

    private static (List<Assessment>, Cell[]) InDueOrder(List<Assessment> assessments, Cell[] cells, int students)
    {
        if (assessments.Exists(a => a.DueDay is null))
            return (assessments, cells);
        var order = Enumerable.Range(0, assessments.Count).OrderBy(j => assessments[j].DueDay).ToArray();
        var sorted = new Cell[cells.Length];
        for (var i = 0; i < students; i++)
            for (var j = 0; j < order.Length; j++)
                sorted[i * order.Length + j] = cells[i * order.Length + order[j]];
        return ([.. order.Select(j => assessments[j])], sorted);
    }
}
