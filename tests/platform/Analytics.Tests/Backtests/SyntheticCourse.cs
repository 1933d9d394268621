using Provost.Analytics.Backtests;
using Provost.Analytics.Cells;

namespace Provost.Analytics.Tests.Backtests;

/// <summary>Seeded finished courses whose truth is known: weak students stop handing in and fail.</summary>
internal static class SyntheticCourse
{
    public static FinishedCourse Of(int seed, int n = 300, int k = 8)
    {
        var random = new Random(seed);
        var assessments = Enumerable.Range(0, k)
            .Select(j => new Assessment($"a{j}", $"A{j}", 100, 10 + j, 20 * (j + 1), "TMA"))
            .Append(new Assessment("exam", "Exam", 100, 100, 20 * (k + 1), FinishedCourse.ExamKind)).ToArray();
        var students = new FinishedStudent[n];
        var cells = new Cell[n * (k + 1)];
        for (var i = 0; i < n; i++)
        {
            var level = 30 + 65 * random.NextDouble();
            var failed = random.NextDouble() < Math.Clamp((75 - level) / 50, 0.03, 0.97);
            var stops = failed && random.NextDouble() < 0.7 ? random.Next(1, k) : k + 1;
            double? left = stops <= k && random.Next(2) == 0 ? 20 * stops + 10 : null;
            students[i] = new($"s{i}", failed, left.HasValue, left);
            for (var j = 0; j <= k; j++)
            {
                cells[i * (k + 1) + j] = j >= stops || random.NextDouble() < 0.05
                    ? Cell.Missing
                    : Cell.Graded(Math.Round(Math.Clamp(level + 30 * (random.NextDouble() - 0.5), 0, 100)), 20 * (j + 1) - random.Next(5) + (random.Next(8) == 0 ? 6 : 0));
            }
        }

        return new($"course {seed}", assessments, students, cells);
    }
}
