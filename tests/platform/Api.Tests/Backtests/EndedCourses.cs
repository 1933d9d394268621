using Provost.Analytics.Cells;
using Provost.Api.Imports;
using Provost.Api.State;
using Provost.Api.Tests.Harness;
using Provost.Contracts;
using Provost.Gradebooks;

namespace Provost.Api.Tests.Backtests;

/// <summary>Seeded courses that ended: the weak stop handing in and fail.</summary>
internal static class EndedCourses
{
    private const int Items = 6;

    public static async Task<ImportReport> ImportAsync(ApiServer api, string name, int seed, int students)
    {
        var course = await api.Get<CourseState>().EnsureAsync(name);
        return await api.Get<Importer>().ImportAsync(new ImportOrder(course.Id, Make(name, seed, students), "ended.csv", "operator"), CancellationToken.None);
    }

    private static Gradebook Make(string name, int seed, int students)
    {
        var random = new Random(seed);
        var cells = new List<Cell>();
        var people = new List<GradebookStudent>();
        for (var i = 0; i < students; i++)
        {
            var level = 30 + (65 * random.NextDouble());
            var failed = random.NextDouble() < Math.Clamp((75 - level) / 50, 0.05, 0.95);
            var stops = failed && random.NextDouble() < 0.7 ? random.Next(1, Items) : Items;
            people.Add(new GradebookStudent($"{seed}-{i}", $"Somebody {i}", FinalResult: failed ? FinalResult.Fail : FinalResult.Pass));
            for (var j = 0; j < Items; j++)
                cells.Add(j >= stops ? Cell.Missing : Cell.Graded(Math.Round(Math.Clamp(level + (30 * (random.NextDouble() - 0.5)), 0, 100)), (25 * (j + 1)) - random.Next(4)));
        }

        return new Gradebook(
            "provost", "UTF-8", ",", name, [.. Enumerable.Range(0, Items).Select(j => new Assessment($"a{j}", $"Work {j + 1}", 100, 10, 25 * (j + 1), "Homework"))],
            people, [.. cells], 200, [], [], []);
    }
}
