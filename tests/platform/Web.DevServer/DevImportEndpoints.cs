using System.Text;
using System.Text.Json;
using Provost.Contracts;

namespace Provost.Web.DevServer;

internal static class DevImportEndpoints
{
    private static readonly JsonSerializerOptions Web = new(JsonSerializerDefaults.Web);

    public static void MapImports(this RouteGroupBuilder api)
    {
        api.MapGet("/courses/{course}/imports", (string course, DevState state) => state.Imports.GetValueOrDefault(course) ?? []);
        api.MapPost("/courses/{course}/imports/preview", async (string course, string file, HttpContext context, DevState state) =>
            await ReadAsync(context) is { Length: > 0 } text && text.Contains(',') ? Results.Ok(Preview(course, text, state)) : NotAGradebook(file));
        api.MapPost("/courses/{course}/imports", ImportAsync);
    }

    private static IResult NotAGradebook(string file) => Results.Problem(
        title: $"{file} is not a gradebook", detail: "No column could be recognised as students. Export the gradebook as CSV and choose that file.",
        statusCode: 422, extensions: new Dictionary<string, object?> { ["line"] = 1 });

    private static async Task ImportAsync(string course, string file, HttpContext context, DevState state, DevLive live)
    {
        var text = await ReadAsync(context);
        context.Response.ContentType = "application/x-ndjson";
        for (var step = 0; step <= 4; step++)
        {
            await LineAsync(context, new { progress = new ImportProgress(course, step < 4 ? "reading" : "saving", text.Length * step / 4, text.Length, step * 30) });
            await Task.Delay(60, context.RequestAborted);
        }

        state.Change(course, old => old with { Version = old.Version + 1, Students = Math.Max(old.Students, 24), Weeks = Math.Max(old.Weeks, 6), Today = old.Today == 0 ? 35 : old.Today + 7 });
        var report = Preview(course, text, state).Report;
        state.Imports.GetOrAdd(course, _ => []).Insert(0, new ImportSummary(
            Guid.NewGuid().ToString("N"), file, report.Format, state.Now, DevEndpoints.User(context, state)!.User, report.Students, report.Assessments, report.Cells, report.Version));
        await live.PublishAsync(course, report.Version, "import", $"{file} was imported");
        await LineAsync(context, new { report });
    }

    private static async Task LineAsync<T>(HttpContext context, T line)
    {
        await context.Response.WriteAsync(JsonSerializer.Serialize(line, Web) + "\n");
        await context.Response.Body.FlushAsync();
    }

    private static async Task<string> ReadAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body, Encoding.UTF8);
        return await reader.ReadToEndAsync();
    }

    private static ImportPreview Preview(string course, string text, DevState state)
    {
        var lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var names = lines[0].Trim().Split(',')[1..];
        var rows = lines[1..].Select(line => line.Trim().Split(',')).ToArray();
        var assessments = names.Select(name => new AssessmentSummary(name, name, "", 10, 1, null, 0, 0, 0, 0, new Estimate(null, 0))).ToArray();
        var preview = rows.Take(8).Select(row => new PreviewRow(row[0], "A", [.. names.Select((name, column) => CellOf(name, row.ElementAtOrDefault(column + 1)))])).ToArray();
        var missing = preview.Sum(row => row.Cells.Count(cell => cell.State == "missing"));
        var report = new ImportReport(
            course, "canvas", "UTF-8", ",", rows.Length, names.Length, new CellCounts((rows.Length * names.Length) - missing, missing, 2, 5, 0),
            ["Day 66 is today: the newest due date that has marks", "Empty cells of past work count as missing; of future work as not due", "“EX” means excused"],
            [new IgnoredColumn("Current Score", "a total that Canvas computed"), new IgnoredColumn("Notes", "comments")],
            ["line 14, column “Quiz 3”: “n/a” is not a mark; the cell was left out"], true, rows.Length, rows.Length * names.Length, state.Course(course)!.Version,
            course == "statistics" ? [new AbsentStudent("s117", SeededCourse.NameOf(117)), new AbsentStudent("s118", SeededCourse.NameOf(118))] : []);
        return new ImportPreview(report, assessments, preview);
    }

    private static StudentCell CellOf(string name, string? text) => double.TryParse(text, out var points)
        ? new(name, name, "", "graded", points * 10, points, 10, 1, null, null, false, null, false)
        : new(name, name, "", text == "EX" ? "excused" : "missing", null, null, 10, 1, null, null, false, null, false);
}
