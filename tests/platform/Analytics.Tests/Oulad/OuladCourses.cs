using System.Globalization;
using Provost.Analytics.Backtests;
using Provost.Analytics.Cells;

namespace Provost.Analytics.Tests.Oulad;

/// <summary>Reads the Open University's courses from ../shared/data/oulad beside the repository; a test without them is skipped.</summary>
internal static class OuladCourses
{
    private static readonly Lazy<FinishedCourse[]?> Loaded = new(() => Folder() is { } folder ? Read(folder) : null);

    public static bool Present => Loaded.Value is not null;

    public static FinishedCourse[] All
    {
        get
        {
            Assert.SkipUnless(Present, "extra: the OULAD tables are not in ../shared/data/oulad beside the repository");
            return Loaded.Value!;
        }
    }

    public static FinishedCourse Named(string name) => All.Single(course => course.Name == name);

    public static FinishedCourse[] Of(params string[] presentations) =>
        [.. All.Where(course => presentations.Contains(course.Name[4..]))];

    private static string? Folder()
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            var folder = Path.Combine(at.FullName, "shared", "data", "oulad");
            if (File.Exists(Path.Combine(folder, "studentAssessment.csv")))
                return folder;
        }

        return null;
    }

    private static FinishedCourse[] Read(string folder)
    {
        var left = Rows(folder, "studentRegistration").ToDictionary(r => (r[0], r[1], r[2]), r => Number(r[4]));
        var results = Rows(folder, "studentAssessment").ToLookup(r => r[0]);
        var students = Rows(folder, "studentInfo").ToLookup(r => (r[0], r[1]), r => (Id: r[2], Result: r[11]));
        return [.. Rows(folder, "assessments")
            .GroupBy(r => (Module: r[0], Presentation: r[1]))
            .Select(group => Course(group.Key, [.. group], [.. students[group.Key]], left, results))];
    }

    private static FinishedCourse Course(
        (string Module, string Presentation) key, string[][] assessments, (string Id, string Result)[] students,
        Dictionary<(string, string, string), double?> left, ILookup<string, string[]> results)
    {
        var place = students.Select((student, i) => (student.Id, i)).ToDictionary(pair => pair.Id, pair => pair.i);
        var cells = new Cell[students.Length * assessments.Length];
        Array.Fill(cells, Cell.Missing);
        for (var j = 0; j < assessments.Length; j++)
        {
            foreach (var row in results[assessments[j][2]].Where(row => place.ContainsKey(row[1])))
                cells[place[row[1]] * assessments.Length + j] = Handed(row);
        }

        return new(
            $"{key.Module} {key.Presentation}",
            [.. assessments.Select(a => new Assessment(a[2], a[2], 100, Number(a[5]) ?? 0, Number(a[4]), a[3]))],
            [.. students.Select(s => new FinishedStudent(
                s.Id, s.Result is "Fail" or "Withdrawn", s.Result is "Withdrawn", left[(key.Module, key.Presentation, s.Id)]))],
            cells);
    }

    private static Cell Handed(string[] row) => Number(row[4]) is { } score
        ? new(CellState.Graded, score, Number(row[2]), row[3] == "1")
        : Cell.Pending(Number(row[2]));

    private static IEnumerable<string[]> Rows(string folder, string table) =>
        File.ReadLines(Path.Combine(folder, table + ".csv")).Skip(1).Select(line => line.Split(',').Select(f => f.Trim('"')).ToArray());

    private static double? Number(string field) =>
        field.Length == 0 ? null : double.Parse(field, CultureInfo.InvariantCulture);
}
