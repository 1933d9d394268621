using System.Buffers;
using System.Globalization;
using System.Text;
using Provost.Analytics.Cells;
using Provost.Api.Courses;
using Provost.Api.State;

namespace Provost.Api.Insights;

/// <summary>The course as a spreadsheet: who, marks, risk. What a spreadsheet would run as a formula is made text.</summary>
internal sealed class GradebookExport(InsightQueries queries, NameState names)
{
    private static readonly SearchValues<char> Special = SearchValues.Create(",\"\r\n\t;");

    public async Task<byte[]> WriteAsync(CourseRecord course, long finishedStamp)
    {
        var computed = await queries.ComputeAsync(course, Scope.Course, finishedStamp);
        var people = await names.AllAsync(course.Id);
        var csv = new StringBuilder();
        Line(csv, ["Student", "Name", "Id", "E-mail", "Section", .. computed.Grid.Assessments.Select(assessment => assessment.Name),
            "Current mark %", "Forecast %", "Risk probability", "Missing", "Late"]);
        for (var i = 0; i < computed.Students.Count; i++)
        {
            var (student, insights) = (computed.Students[i], computed.Insights.Students[i]);
            var person = people.GetValueOrDefault(student.Key);
            Line(csv, [student.Key, person?.Name, person?.SourceId, person?.Email, student.Section, .. Marks(computed.Grid, i),
                Number(insights.CurrentMark), Number(insights.Forecast.Final), Number(insights.Risk.Probability),
                insights.Risk.Missing.ToString(CultureInfo.InvariantCulture), insights.Risk.Late.ToString(CultureInfo.InvariantCulture)]);
        }

        return [.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(csv.ToString())];
    }

    private static IEnumerable<string> Marks(CellGrid grid, int i)
    {
        for (var j = 0; j < grid.Assessments.Count; j++)
            yield return grid[i, j] is { State: CellState.Graded } cell
                ? (cell.Score * grid.Assessments[j].MaxScore / 100).ToString("0.####", CultureInfo.InvariantCulture)
                : grid[i, j].State == CellState.NotDue ? "" : StudentPage.StateName(grid[i, j].State);
    }

    private static string Number(Analytics.Estimate estimate) =>
        estimate.HasValue ? Math.Round(estimate.Value, 4).ToString(CultureInfo.InvariantCulture) : "";

    private static void Line(StringBuilder csv, IEnumerable<string?> cells) => csv.AppendJoin(',', cells.Select(Safe)).Append("\r\n");

    /// <summary>Quoted where needed; a leading =, +, -, @, tab or return of a text gets an apostrophe (CWE-1236). Numbers stay numbers.</summary>
    internal static string Safe(string? value)
    {
        var text = value ?? "";
        if (text.Length > 0 && "=+-@\t\r\n".Contains(text[0], StringComparison.Ordinal)
            && !double.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out _))
            text = "'" + text;
        return text.AsSpan().ContainsAny(Special) || text.StartsWith('\'') ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
    }
}
