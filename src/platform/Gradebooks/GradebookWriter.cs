using Provost.Analytics.Cells;
using Provost.Gradebooks.ProvostCsv;
using static Provost.Gradebooks.ProvostCsv.ProvostCsvGrammar;

namespace Provost.Gradebooks;

/// <summary>Writes a gradebook as our own CSV (docs/reference/gradebook-csv.md), safe to open in a spreadsheet: no text becomes a formula.</summary>
public static class GradebookWriter
{
    public static void Write(Gradebook gradebook, TextWriter writer)
    {
        WriteRow(writer, [FirstCell, ProvostCsvGrammar.Version]);
        if (gradebook.CourseName is { } course)
            WriteRow(writer, [Course, Protect(course)]);
        if (gradebook.AsOfDay is { } day)
            WriteRow(writer, [AsOf, Number(day)]);
        var assessments = gradebook.Assessments;
        WriteRow(writer, [.. StudentColumns, .. assessments.Select(a => Protect(a.Name))]);
        WriteLabelled(writer, Id, assessments.Select(a => Protect(a.Id)));
        WriteLabelled(writer, Max, assessments.Select(a => Number(a.MaxScore)));
        WriteLabelled(writer, Weight, assessments.Select(a => Number(a.Weight)));
        WriteLabelled(writer, Due, assessments.Select(a => a.DueDay is { } due ? Number(due) : ""));
        WriteLabelled(writer, Kind, assessments.Select(a => Protect(a.Kind)));
        WriteLabelled(writer, Extra, assessments.Select(a => a.ExtraCredit ? "yes" : ""));
        for (var i = 0; i < gradebook.Students.Count; i++)
            WriteStudent(writer, gradebook, i);
    }

    private static void WriteStudent(TextWriter writer, Gradebook gradebook, int i)
    {
        var student = gradebook.Students[i];
        var k = gradebook.Assessments.Count;
        WriteRow(writer, [
            Protect(student.SourceId), Protect(student.Name), Protect(student.Email ?? ""), Protect(student.Login ?? ""), Protect(student.Section ?? ""),
            student.FinalResult?.ToString().ToLowerInvariant() ?? "", student.UnregisteredDay is { } day ? Number(day) : "",
            .. Enumerable.Range(0, k).Select(j => CellOf(gradebook.Cells[i * k + j], gradebook.Assessments[j]))]);
    }

    private static string CellOf(Cell cell, Assessment assessment) => ProvostCsvCell.Write(cell, assessment.MaxScore);

    private static void WriteLabelled(TextWriter writer, string label, IEnumerable<string> values) =>
        WriteRow(writer, [label, .. Enumerable.Repeat("", StudentColumns.Length - 1), .. values]);

    private static void WriteRow(TextWriter writer, IReadOnlyList<string> cells)
    {
        for (var column = 0; column < cells.Count; column++)
        {
            if (column > 0)
                writer.Write(',');
            writer.Write(Quote(cells[column]));
        }
        writer.Write("\r\n");
    }

    private static string Quote(string text) =>
        text.AsSpan().IndexOfAny(",\"\r\n") >= 0 || text.Length > 0 && (char.IsWhiteSpace(text[0]) || char.IsWhiteSpace(text[^1]))
            ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\""
            : text;
}
