using Provost.Analytics.Cells;
using Provost.Analytics.Insights;

namespace Provost.Analytics.Forecasts;

/// <summary>Where one student stands and what is left: all that a forecast needs to know.</summary>
/// <param name="Mark">The mark so far.</param>
/// <param name="RestSquares">Sum of squared weights of what is left, as shares of the whole weight.</param>
/// <param name="MissingFor">Days since the latest missing work was due; -1 when the latest work was handed in.</param>
internal readonly record struct StudentRest(CurrentMark Mark, double RestSquares, double MissingFor)
{
    /// <summary>Share of the weight done, 0 to 1.</summary>
    public double Progress => Mark.WeightAll > 0 ? Math.Min(1, Mark.WeightDone / Mark.WeightAll) : 0;

    public bool LastMissing => MissingFor >= 0;

    public static StudentRest Of(
        ReadOnlySpan<CellState> states, ReadOnlySpan<double> scores, CourseWeights weights, CourseTime time, double asOfDay, InsightPolicy policy)
    {
        var mark = CurrentMark.Of(states, scores, weights, policy.MissingCountsZero);
        var squares = 0.0;
        for (var p = 0; p < states.Length; p++)
        {
            if (states[p] is CellState.NotDue or CellState.Pending && mark.WeightAll > 0)
                squares += weights.Reach[p] / mark.WeightAll * (weights.Reach[p] / mark.WeightAll);
        }

        return new(mark, squares, policy.MissingCountsZero ? Overdue(LatestWork.Of(states, scores, weights, time), asOfDay) : -1);
    }

    /// <summary>Without days a missing item counts as settled.</summary>
    private static double Overdue(LatestWork latest, double asOfDay)
    {
        if (!latest.IsMissing)
            return -1;
        var days = asOfDay - latest.MissingSince;
        return double.IsNaN(days) || days < 0 ? RestCurve.SettlingDays : days;
    }
}
