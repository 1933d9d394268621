using Provost.Analytics.Cells;
using Provost.Analytics.Distributions;
using Provost.Analytics.Forecasts;
using Provost.Analytics.Reliability;
using Provost.Analytics.Trends;

namespace Provost.Analytics.Insights;

/// <summary>All insights of one course at one moment: the one door that the server and the browser go through.</summary>
/// <param name="Students">n, in the grid's order.</param>
/// <param name="Assessments">k, in the grid's order.</param>
/// <param name="Reliability">Of the weighted total.</param>
/// <param name="ClassMean">Mean of the students' current marks, per cent, with its 95 % interval.</param>
/// <param name="Marks">Distribution of the students' current marks, per cent.</param>
/// <param name="ClassTrend">Of the class medians; read its LeastSquares.</param>
/// <param name="ForecastModel">What the class says about a student's rest; for <see cref="StudentWhatIf"/>.</param>
public sealed record CourseInsights(
    IReadOnlyList<StudentInsights> Students, IReadOnlyList<AssessmentInsights> Assessments, ReliabilityStatistics Reliability,
    Estimate ClassMean, Distribution Marks, Trend ClassTrend, ForecastModel ForecastModel)
{
    /// <summary>Computes everything. Pure and deterministic: no clock, no randomness, one thread, the same bits in the browser.</summary>
    /// <param name="grid">n students x k assessments.</param>
    /// <param name="policy">The course's rules.</param>
    /// <param name="calibration">From finished courses; <see cref="Calibration.Default"/> when the institution has none.</param>
    public static CourseInsights Compute(CellGrid grid, InsightPolicy policy, Calibration calibration) =>
        throw new NotImplementedException();

    /// <summary>Every number with its name, in a fixed order: to compare two computations bit by bit.</summary>
    public IEnumerable<KeyValuePair<string, double>> Flatten() => throw new NotImplementedException();
}
