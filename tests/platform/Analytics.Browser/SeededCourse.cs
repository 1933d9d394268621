using System.Text;
using Provost.Analytics.Cells;
using Provost.Analytics.Insights;

namespace Provost.Analytics.Browser;

/// <summary>The same course for the same seed, on the server and in the browser. All five cell states occur.</summary>
public static class SeededCourse
{
    public static CellGrid Grid(int students, int assessments, int seed)
    {
        var random = new Random(seed);
        var columns = Enumerable.Range(0, assessments)
            .Select(j => new Assessment($"a{j}", $"Assessment {j}", 100, 1 + j % 3, 7.0 * (j + 1), j % 4 == 0 ? "Quiz" : "Homework"))
            .ToArray();
        var asOfDay = 7.0 * assessments * 0.8;
        var cells = new Cell[students * assessments];
        for (var i = 0; i < students; i++)
        {
            var ability = 40 + 50 * random.NextDouble();
            for (var j = 0; j < assessments; j++)
                cells[i * assessments + j] = Next(random, ability, columns[j].DueDay!.Value, asOfDay);
        }
        return new CellGrid([.. Enumerable.Range(0, students).Select(i => $"s{i}")], columns, cells, asOfDay);
    }

    public static string Describe(int students, int assessments, int seed)
    {
        var insights = CourseInsights.Compute(Grid(students, assessments, seed), new InsightPolicy(), Calibration.Default);
        var lines = new StringBuilder();
        foreach (var (name, value) in insights.Flatten())
            lines.Append(name).Append('\t').Append(BitConverter.DoubleToInt64Bits(value).ToString("x16")).Append('\n');
        return lines.ToString();
    }

    private static Cell Next(Random random, double ability, double dueDay, double asOfDay)
    {
        if (dueDay > asOfDay)
            return Cell.NotDue;
        var submitted = dueDay - 3 + 4 * random.NextDouble();
        return random.NextDouble() switch
        {
            < 0.08 => Cell.Missing,
            < 0.10 => Cell.Excused,
            < 0.12 => Cell.Pending(submitted),
            _ => Cell.Graded(Math.Round(Math.Clamp(ability + 30 * (random.NextDouble() - 0.5), 0, 105) * 2) / 2, submitted),
        };
    }
}
