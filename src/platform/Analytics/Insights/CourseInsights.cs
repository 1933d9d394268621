using Provost.Analytics.Cells;
using Provost.Analytics.Distributions;
using Provost.Analytics.Forecasts;
using Provost.Analytics.Items;
using Provost.Analytics.Reliability;
using Provost.Analytics.Risk;
using Provost.Analytics.Trends;

namespace Provost.Analytics.Insights;

/// <summary>All insights of one course at one moment: the one door that the server and the browser go through.</summary>
/// <param name="Students">n, in the grid's order.</param>
/// <param name="Assessments">k, in the grid's order.</param>
/// <param name="Reliability">Of the total of the items that have weight and that half of the class took.</param>
/// <param name="ClassMean">Mean of the students' current marks, per cent, with its 95 % interval.</param>
/// <param name="Marks">Distribution of the students' current marks, per cent.</param>
/// <param name="ClassTrend">Of the class medians; read its LeastSquares.</param>
/// <param name="ForecastModel">What the class says about a student's rest; for <see cref="StudentWhatIf"/>.</param>
/// <param name="Progress">Share of the course's weight that was due, 0 to 1.</param>
public sealed record CourseInsights(
    IReadOnlyList<StudentInsights> Students, IReadOnlyList<AssessmentInsights> Assessments, ReliabilityStatistics Reliability,
    Estimate ClassMean, Distribution Marks, Trend ClassTrend, ForecastModel ForecastModel, double Progress)
{
    /// <summary>Computes everything. Pure and deterministic: no clock, no randomness, and the same bits in the browser, on one thread, as here on all.</summary>
    /// <param name="grid">n students x k assessments.</param>
    /// <param name="policy">The course's rules.</param>
    /// <param name="calibration">From finished courses; <see cref="Calibration.Default"/> when the institution has none.</param>
    public static CourseInsights Compute(CellGrid grid, InsightPolicy policy, Calibration calibration)
    {
        var table = new ScoreTable(grid);
        var (assessments, reliability) = AssessmentsOf(table, policy);
        var medians = new double[table.K];
        for (var p = 0; p < table.K; p++)
            medians[p] = assessments[p].Scores.Median.Value;
        var risk = new ClassRisk(table, policy);
        var model = ForecastModel.Of(table, policy);
        var students = new ClassStudents(table, policy, medians, reliability.StandardError.Value).Of(risk, model, calibration);
        var marks = DistributionAnalysis.Of([.. students.Select(student => student.CurrentMark.Value)]);
        return new(
            students, InGridOrder(assessments, table.Order), reliability, marks.Mean, marks, new ClassTrends(table, medians).OfClass(),
            model, risk.Progress);
    }

    /// <summary>Every number with its name, in a fixed order: to compare two computations bit by bit.</summary>
    public IEnumerable<KeyValuePair<string, double>> Flatten() => FlatInsights.Of(this);

    /// <summary>By position in time.</summary>
    private static (AssessmentInsights[] Assessments, ReliabilityStatistics Reliability) AssessmentsOf(ScoreTable table, InsightPolicy policy)
    {
        var items = new ItemTable(table, policy.MissingCountsZero);
        var total = Enumerable.Range(0, table.K).Where(p => items.InTotal[p]).ToArray();
        var graded = new double[table.K][];
        for (var p = 0; p < table.K; p++)
            table.Column(p, graded[p] = new double[table.N]);
        var withZeros = policy.MissingCountsZero ? items : new ItemTable(table, missingCountsZero: true);
        var (reliability, deleted) = ReliabilityAnalysis.Of([.. total.Select(p => graded[p])], [.. total.Select(p => withZeros.Columns[p])]);
        var ifDeleted = new Estimate[table.K];
        Array.Fill(ifDeleted, Estimate.None(0, "the item is not part of the total"));
        for (var j = 0; j < total.Length; j++)
            ifDeleted[total[j]] = deleted[j];
        var assessments = new AssessmentInsights[table.K];
        for (var p = 0; p < table.K; p++)
        {
            var counts = table.Counts(p);
            assessments[p] = new(
                counts.Graded, counts.Missing, counts.Pending, counts.Excused, counts.NotDue,
                ClassItems.Of(items, p, graded[p], ifDeleted[p]), DistributionAnalysis.Of(graded[p]));
        }

        return (assessments, reliability);
    }

    private static AssessmentInsights[] InGridOrder(AssessmentInsights[] byTime, int[] order)
    {
        var byColumn = new AssessmentInsights[byTime.Length];
        for (var p = 0; p < byTime.Length; p++)
            byColumn[order[p]] = byTime[p];
        return byColumn;
    }
}
