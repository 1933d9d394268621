using System.Globalization;
using Provost.Contracts;
using Provost.Harness;

namespace Provost.Stories.Survival;

/// <summary>What a course holds, as lines: how many students, and of each assessment how many marks and their mean.</summary>
internal static class Content
{
    /// <summary>What a file of the given revision must become.</summary>
    public static string Of(string canvas)
    {
        var lines = canvas.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var names = lines[0].Split(',').Skip(5).ToArray();
        var rows = lines.Skip(2).Select(line => line[(line.IndexOf("\",", StringComparison.Ordinal) + 2)..].Split(',').Skip(4).ToArray()).ToArray();
        return Describe(rows.Length, names.Select((name, column) => (name, Marks(rows.Select(row => row[column])))));
    }

    /// <summary>As a professor's page gets it: perhaps out of a cache.</summary>
    public static async Task<string> OfOverviewAsync(Session professor, string course)
    {
        var overview = await professor.GetAsync<CourseOverview>($"api/courses/{course}/overview");
        return Describe(
            overview.Course.Students,
            overview.Assessments.Select(assessment => (assessment.Name, Enumerable.Repeat(assessment.Mean.Value ?? 0, assessment.Graded).ToArray())));
    }

    /// <summary>Row by row: right after the start of the service, out of the facts.</summary>
    public static async Task<string> OfExportAsync(Session professor, string course)
    {
        using var answer = await professor.ReadAsync($"api/courses/{course}/export.csv");
        var lines = (await answer.EnsureSuccessStatusCode().Content.ReadAsStringAsync()).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        var header = Fields(lines[0]);
        var (first, end) = (header.IndexOf("Section") + 1, header.IndexOf("Current mark %"));
        var rows = lines.Skip(1).Select(Fields).ToArray();
        return Describe(rows.Length, Enumerable.Range(first, end - first).Select(column => (header[column], Marks(rows.Select(row => row[column])))));
    }

    private static string Describe(int students, IEnumerable<(string Name, double[] Marks)> assessments) => string.Join('\n', assessments
        .Select(one => string.Create(CultureInfo.InvariantCulture, $"{one.Name.Split(" (")[0]}: {one.Marks.Length} marks, mean {(one.Marks.Length == 0 ? 0 : one.Marks.Average()):0.000000000}"))
        .Prepend($"{students} students"));

    private static double[] Marks(IEnumerable<string> cells) =>
        [.. cells.Select(cell => double.TryParse(cell, CultureInfo.InvariantCulture, out var mark) ? mark : double.NaN).Where(mark => !double.IsNaN(mark))];

    // Names hold a comma and are quoted; nothing here holds a quote.
    private static List<string> Fields(string line) =>
        [.. line.Split('"').SelectMany((part, i) => i % 2 == 1 ? [part.Replace(',', ' ')] : new[] { part }).Aggregate("", string.Concat).Split(',')];
}
