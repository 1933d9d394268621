using Provost.Analytics.Cells;

namespace Provost.Analytics.Insights;

/// <summary>What a student did last.</summary>
/// <param name="Score">Weighted mean of the items of the last due day, missing = 0, per cent; NaN when all of them are missing.</param>
/// <param name="IsMissing">
/// Most of the latest work is missing: of the latest items that together weigh at least 5 % of the course, so that one
/// forgotten quiz of 1 % does not read as having stopped. With items of 5 % and more it is just the last one.
/// </param>
/// <param name="MissingSince">Due day of the latest missing item; NaN when unknown.</param>
internal readonly record struct LatestWork(double Score, bool IsMissing, double MissingSince)
{
    private const double EnoughWeight = 0.05;

    public static LatestWork Of(ReadOnlySpan<CellState> states, ReadOnlySpan<double> scores, CourseWeights weights, CourseTime time)
    {
        double seen = 0, gone = 0, since = double.NaN;
        var wanted = EnoughWeight * weights.Total;
        for (var p = states.Length - 1; p >= 0 && seen < wanted; p--)
        {
            if (weights.Reach[p] <= 0 || states[p] is not (CellState.Graded or CellState.Missing or CellState.Pending))
                continue;
            seen += weights.Reach[p];
            if (states[p] != CellState.Missing)
                continue;
            gone += weights.Reach[p];
            since = double.IsNaN(since) ? time.DueDays[p] : since;
        }

        return new(ScoreOf(states, scores, weights, time), seen > 0 && gone > 0.5 * seen, since);
    }

    private static double ScoreOf(ReadOnlySpan<CellState> states, ReadOnlySpan<double> scores, CourseWeights weights, CourseTime time)
    {
        double sum = 0, weight = 0, day = double.NaN;
        var anyGraded = false;
        for (var p = states.Length - 1; p >= 0; p--)
        {
            if (weights.Reach[p] <= 0 || states[p] is not (CellState.Graded or CellState.Missing))
                continue;
            if (weight > 0 && time.DueDays[p] != day)
                break;
            day = time.DueDays[p];
            weight += weights.Reach[p];
            anyGraded |= states[p] == CellState.Graded;
            sum += states[p] == CellState.Graded ? weights.Reach[p] * scores[p] : 0;
        }

        return anyGraded ? sum / weight : double.NaN;
    }
}
