using Provost.Analytics.Cells;

namespace Provost.Analytics.Insights;

/// <summary>One student's mark so far.</summary>
/// <param name="Points">Sum of weight x score over what is done.</param>
/// <param name="WeightDone">Weight of what is done: graded, or missing where missing counts 0.</param>
/// <param name="WeightAll">Weight of all that is not excused.</param>
/// <param name="Items">Items with weight that are done.</param>
internal readonly record struct CurrentMark(double Points, double WeightDone, double WeightAll, int Items)
{
    /// <summary>Weighted mean of what is done, per cent; NaN when nothing is.</summary>
    public double Mean => WeightDone > 0 ? Points / WeightDone : double.NaN;

    public Estimate Estimate => Items == 0 || double.IsNaN(Mean)
        ? Analytics.Estimate.None(0, "nothing was graded yet")
        : Analytics.Estimate.Of(Mean, Items);

    /// <summary>P_i of section 1: sum of w s / sum of w over what is done, missing = 0 by policy, extra credit on top.</summary>
    public static CurrentMark Of(
        ReadOnlySpan<CellState> states, ReadOnlySpan<double> scores, CourseWeights weights, bool missingCountsZero)
    {
        double points = 0, done = 0, all = 0;
        var items = 0;
        for (var p = 0; p < states.Length; p++)
        {
            if (states[p] == CellState.Excused)
                continue;
            var counts = states[p] == CellState.Graded || states[p] == CellState.Missing && missingCountsZero;
            if (states[p] != CellState.Missing || missingCountsZero)
                all += weights.Reach[p];
            if (!counts)
                continue;
            done += weights.Reach[p];
            points += states[p] == CellState.Graded ? weights.Adds[p] * scores[p] : 0;
            items += weights.Adds[p] > 0 ? 1 : 0;
        }

        return new(points, done, all, items);
    }
}
