using System.Diagnostics;
using Provost.Analytics.Cells;
using Provost.Analytics.Insights;
using Provost.Analytics.Trends;

// All insights of 500 students x 60 assessments, beside the bar and beside the part that dominates when it is done naively:
// Theil-Sen by sorting all slopes of every student. Processor time, median of the runs, after the compiler has settled.
const double barMilliseconds = 50;
const int runs = 41;

var grid = BenchCourse.Of(students: 500, assessments: 60);
var insights = Measure(() => CourseInsights.Compute(grid, new InsightPolicy(), Calibration.Default));
var sorting = Measure(() => BenchCourse.TrendsBySorting(grid));
var selecting = Measure(() => BenchCourse.TrendsBySelecting(grid));
var allocated = BenchCourse.Allocated(() => CourseInsights.Compute(grid, new InsightPolicy(), Calibration.Default));

Console.WriteLine($"all insights 500 x 60      {insights,8:F1} ms   bar {barMilliseconds} ms   {allocated / 1048576.0:F1} MiB allocated");
Console.WriteLine($"  trends, selecting        {selecting,8:F1} ms");
Console.WriteLine($"  trends, sorting (naive)  {sorting,8:F1} ms   {sorting / selecting:F1} x");
return insights <= barMilliseconds ? 0 : 1;

static double Measure(Action action)
{
    for (var warm = 0; warm < 30; warm++)
        action();
    var times = new double[runs];
    for (var run = 0; run < runs; run++)
    {
        var before = Environment.CpuUsage.TotalTime;
        var clock = Stopwatch.GetTimestamp();
        action();
        // Processor time has a coarse tick on some systems; on a busy machine wall time lies, so the smaller one counts.
        var wall = Stopwatch.GetElapsedTime(clock).TotalMilliseconds;
        var processor = (Environment.CpuUsage.TotalTime - before).TotalMilliseconds;
        times[run] = processor > 0 ? Math.Min(wall, processor) : wall;
    }

    Array.Sort(times);
    return times[runs / 2];
}

/// <summary>A seeded course of the size that the bar speaks of.</summary>
internal static class BenchCourse
{
    public static CellGrid Of(int students, int assessments)
    {
        var random = new Random(1);
        var columns = Enumerable.Range(0, assessments).Select(j => new Assessment($"a{j}", $"A{j}", 100, 1 + j % 5, 1.75 * (j + 1))).ToArray();
        var cells = new Cell[students * assessments];
        for (var i = 0; i < students; i++)
        {
            var level = 50 + 40 * random.NextDouble();
            for (var j = 0; j < assessments; j++)
            {
                cells[i * assessments + j] = random.NextDouble() < 0.06
                    ? Cell.Missing
                    : Cell.Graded(Math.Round(level + 30 * (random.NextDouble() - 0.5)), columns[j].DueDay!.Value - 3 + 4 * random.NextDouble());
            }
        }

        return new([.. Enumerable.Range(0, students).Select(i => $"s{i}")], columns, cells, 1.75 * (assessments + 1));
    }

    public static void TrendsBySelecting(CellGrid grid)
    {
        for (var i = 0; i < grid.Students.Count; i++)
        {
            var (times, values) = Series(grid, i);
            TrendAnalysis.Of(times, values);
        }
    }

    public static void TrendsBySorting(CellGrid grid)
    {
        for (var i = 0; i < grid.Students.Count; i++)
        {
            var (times, values) = Series(grid, i);
            var slopes = new List<double>();
            for (var j = 0; j < times.Length; j++)
            {
                for (var l = j + 1; l < times.Length; l++)
                    slopes.Add((values[l] - values[j]) / (times[l] - times[j]));
            }

            slopes.Sort();
        }
    }

    public static long Allocated(Action action)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        action();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static (double[] Times, double[] Values) Series(CellGrid grid, int student)
    {
        var graded = Enumerable.Range(0, grid.Assessments.Count).Where(j => grid[student, j].State == CellState.Graded).ToArray();
        return ([.. graded.Select(j => grid.Assessments[j].DueDay!.Value / 7)], [.. graded.Select(j => grid[student, j].Score)]);
    }
}
