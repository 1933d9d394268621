using Provost.Analytics.Cells;
using Provost.Analytics.Insights;

namespace Provost.Analytics.Forecasts;

/// <summary>What would happen to one student's final mark with scores that do not exist yet. Runs in the browser on the student's own cells.</summary>
public static class StudentWhatIf
{
    /// <summary>The forecast with hypothetical scores in place; floor, ceiling and needed average come with it.</summary>
    /// <param name="assessments">The course's k assessments.</param>
    /// <param name="cells">The student's k cells, in the same order.</param>
    /// <param name="asOfDay">The day that the cells describe, relative to the course's start; NaN when unknown.</param>
    /// <param name="hypothetical">Assessment position -> score in per cent; these cells count as graded.</param>
    /// <param name="policy">The course's rules.</param>
    /// <param name="model">The class, from <see cref="CourseInsights.ForecastModel"/>; <see cref="ForecastModel.None"/> when not known.</param>
    /// <param name="calibration">As for the course.</param>
    /// <exception cref="ArgumentException">The cells are not k, a position is outside of them, or a score is no number.</exception>
    public static Forecast Compute(
        IReadOnlyList<Assessment> assessments, ReadOnlySpan<Cell> cells, double asOfDay, IReadOnlyDictionary<int, double> hypothetical,
        InsightPolicy policy, ForecastModel model, Calibration calibration)
    {
        if (cells.Length != assessments.Count)
            throw new ArgumentException($"{assessments.Count} assessments need as many cells, not {cells.Length}", nameof(cells));
        var row = cells.ToArray();
        foreach (var (position, score) in hypothetical)
        {
            if (position < 0 || position >= row.Length || !double.IsFinite(score))
                throw new ArgumentException($"score {score} at position {position}: a number and a position below {row.Length} are needed", nameof(hypothetical));
            row[position] = Cell.Graded(score);
        }

        var table = new ScoreTable(new CellGrid(["the student"], assessments, row, asOfDay));
        return Forecaster.Of(table.Rest(0, policy), model, calibration);
    }
}
