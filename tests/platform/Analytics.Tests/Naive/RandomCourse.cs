using Provost.Analytics.Cells;

namespace Provost.Analytics.Tests.Naive;

/// <summary>Seeded courses with everything in them: missing, excused, pending and transferred cells, extra credit, ties.</summary>
internal static class RandomCourse
{
    public static CellGrid Of(int seed, int n, int k, double asOf = double.NaN, bool wholeDays = false)
    {
        var random = new Random(seed);
        var assessments = Enumerable.Range(0, k).Select(j => new Assessment(
            $"a{j}", $"Assessment {j}", 10 + j, j % 7 == 6 ? 0 : 1 + random.Next(5), 7.0 * (j + 1), j % 3 == 0 ? "quiz" : "homework", j == k - 2 && k > 4)).ToArray();
        var due = double.IsNaN(asOf) ? 7.0 * k * 0.7 : asOf;
        var cells = new Cell[n * k];
        for (var i = 0; i < n; i++)
        {
            var level = 40 + 55 * random.NextDouble();
            for (var j = 0; j < k; j++)
                cells[i * k + j] = Draw(random, level, assessments[j].DueDay!.Value, due, wholeDays);
        }

        return new([.. Enumerable.Range(0, n).Select(i => $"s{i:000}")], assessments, cells, due);
    }

    public static double[] Values(Random random, int n, bool ties = false) =>
        [.. Enumerable.Range(0, n).Select(_ => ties ? random.Next(0, 6) * 20.0 : 100 * random.NextDouble())];

    private static Cell Draw(Random random, double level, double dueDay, double asOf, bool wholeDays)
    {
        if (dueDay > asOf)
            return random.NextDouble() < 0.05 ? Cell.Graded(level, asOf - 1) : Cell.NotDue;
        var lag = wholeDays ? random.Next(-5, 4) : random.NextDouble() * 8 - 5;
        var score = Math.Round(Math.Clamp(level + 40 * (random.NextDouble() - 0.5), 0, 110), random.Next(2));
        return random.NextDouble() switch
        {
            < 0.10 => Cell.Missing,
            < 0.13 => Cell.Excused,
            < 0.16 => Cell.Pending(dueDay + lag),
            < 0.20 => new Cell(CellState.Graded, score, -1, Transferred: true),
            < 0.25 => Cell.Graded(score),
            _ => Cell.Graded(score, dueDay + lag),
        };
    }
}
