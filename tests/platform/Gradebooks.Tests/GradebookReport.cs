using System.Globalization;
using System.Text;
using Provost.Analytics.Cells;

namespace Provost.Gradebooks.Tests;

/// <summary>A gradebook as text that a person can review: what the goldens hold.</summary>
internal static class GradebookReport
{
    public static string Of(IEnumerable<Gradebook> gradebooks) => string.Join("\n", gradebooks.Select(Of));

    public static string Of(Gradebook book)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{book.Format}, {book.Encoding}, {book.Delimiter}, course {book.CourseName ?? "-"}, as of {Number(book.AsOfDay)}\n");
        foreach (var a in book.Assessments)
            text.Append(CultureInfo.InvariantCulture, $"assessment {a.Id} | {a.Name} | max {Number(a.MaxScore)} | weight {Number(a.Weight)} | due {Number(a.DueDay)} | {a.Kind}{(a.ExtraCredit ? " | extra" : "")}\n");
        for (var i = 0; i < book.Students.Count; i++)
            text.Append(Student(book, i)).Append('\n');
        Section(text, "guess", book.Guesses);
        Section(text, "ignored", book.IgnoredColumns.Select(column => $"{column.Name}: {column.Reason}"));
        Section(text, "warning", book.Warnings);
        return text.ToString();
    }

    private static string Student(Gradebook book, int i)
    {
        var s = book.Students[i];
        var k = book.Assessments.Count;
        return $"student {s.SourceId} | {s.Name} | {s.Email ?? "-"} | {s.Login ?? "-"} | {s.Section ?? "-"} | " + string.Join(" ", Enumerable.Range(0, k).Select(j => Cell(book.Cells[i * k + j])));
    }

    private static string Cell(Cell cell) => cell.State == CellState.Graded ? Number(Math.Round(cell.Score, 3)) : cell.State.ToString().ToLowerInvariant();

    private static string Number(double? value) => value?.ToString("0.####", CultureInfo.InvariantCulture) ?? "-";

    private static void Section(StringBuilder text, string name, IEnumerable<string> lines)
    {
        foreach (var line in lines)
            text.Append(name).Append(": ").Append(line).Append('\n');
    }
}
