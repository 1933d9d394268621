using Provost.Analytics.Cells;
using Provost.Api.Insights;
using Provost.Contracts;

namespace Provost.Api.Imports;

/// <summary>What an import would do, with the first rows as they were understood. It changes nothing.</summary>
internal static class Previews
{
    private const int Rows = 10;

    public static ImportPreview Preview(this ImportPlan plan)
    {
        var grid = plan.Incoming.Snapshot.AsOf(plan.AsOfDay, plan.Course.Settings.GraceDays);
        var students = plan.Incoming.Snapshot.Students;
        return new ImportPreview(
            plan.Report(plan.Course.Version),
            [.. Enumerable.Range(0, grid.Assessments.Count).Select(j => Assessment(grid, j))],
            [.. students.Take(Rows).Select((student, i) => new PreviewRow(
                plan.Incoming.Names[student.Key].Name, student.Section,
                [.. grid.Assessments.Select((assessment, j) => StudentPage.Cell(assessment, grid[i, j], plan.Course.Settings.GraceDays, null))]))]);
    }

    private static AssessmentSummary Assessment(CellGrid grid, int j)
    {
        var column = Enumerable.Range(0, grid.Students.Count).Select(i => grid[i, j]).ToArray();
        var scores = column.Where(cell => cell.State == CellState.Graded).Select(cell => cell.Score).ToArray();
        var assessment = grid.Assessments[j];
        return new AssessmentSummary(
            assessment.Id, assessment.Name, assessment.Kind, assessment.MaxScore, assessment.Weight, assessment.DueDay, scores.Length,
            column.Count(cell => cell.State == CellState.Missing), column.Count(cell => cell.State == CellState.Pending),
            column.Count(cell => cell.State == CellState.Excused),
            scores.Length == 0 ? new Estimate(null, 0, Insufficient: "nothing is graded") : new Estimate(scores.Average(), scores.Length));
    }
}
