using Provost.Analytics.Cells;
using Provost.Analytics.Insights;

namespace Provost.Analytics.Forecasts;

/// <summary>What would happen to one student's final mark with scores that do not exist yet. Runs in the browser on the student's own cells.</summary>
public static class StudentWhatIf
{
    /// <summary>The forecast with hypothetical scores in place.</summary>
    /// <param name="assessments">The course's k assessments.</param>
    /// <param name="cells">The student's k cells, in the same order.</param>
    /// <param name="hypothetical">Assessment position -> score in per cent; these cells count as graded.</param>
    /// <param name="policy">The course's rules.</param>
    /// <param name="model">The class, from <see cref="CourseInsights.ForecastModel"/>; <see cref="ForecastModel.None"/> when not known.</param>
    /// <param name="calibration">As for the course.</param>
    public static Forecast Compute(
        IReadOnlyList<Assessment> assessments, ReadOnlySpan<Cell> cells, IReadOnlyDictionary<int, double> hypothetical,
        InsightPolicy policy, ForecastModel model, Calibration calibration) =>
        throw new NotImplementedException();
}
