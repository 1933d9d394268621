using Provost.Analytics.Cells;
using Provost.Analytics.Insights;

namespace Provost.Analytics.Forecasts;

/// <summary>
/// What a class says about one student's rest (empirical Bayes; Efron &amp; Morris 1975): aggregates only, so a student's own page
/// may have them.
/// </summary>
/// <param name="ClassMean">C: mean current mark of the students whose latest work was handed in, per cent; NaN when there is none.</param>
/// <param name="BetweenVariance">tau^2: variance of the students' true levels, points squared.</param>
/// <param name="WithinVariance">sigma^2: variance of one student's scores around the own level, points squared.</param>
/// <param name="N">Students that it was taken from.</param>
public sealed record ForecastModel(double ClassMean, double BetweenVariance, double WithinVariance, int N)
{
    /// <summary>Nothing is known of a class: a student's own mean stands for the rest.</summary>
    public static ForecastModel None { get; } = new(double.NaN, double.NaN, double.NaN, 0);

    /// <summary>True when there is something to shrink to.</summary>
    public bool IsKnown => N > 0 && double.IsFinite(ClassMean) && BetweenVariance + WithinVariance > 0;

    /// <summary>C + lambda (P - C), lambda = 1 - shrinkage sigma^2 / (sigma^2 + m tau^2).</summary>
    /// <param name="mark">P: the student's current mark, per cent.</param>
    /// <param name="items">m: items that it is the mean of.</param>
    /// <param name="shrinkage">0 = own mark alone, 1 = full empirical Bayes.</param>
    public double Level(double mark, int items, double shrinkage)
    {
        if (!IsKnown || items == 0 || shrinkage == 0)
            return mark;
        var lambda = 1 - shrinkage * WithinVariance / (WithinVariance + items * BetweenVariance);
        return ClassMean + lambda * (mark - ClassMean);
    }

    /// <summary>
    /// Moments: sigma^2 pooled over students with two or more items, tau^2 = variance of the marks less sigma^2 mean(1/m), not
    /// below 0. Missing = 0 by policy.
    /// </summary>
    internal static ForecastModel Of(ScoreTable table, InsightPolicy policy)
    {
        double markSum = 0, squares = 0, inverse = 0, within = 0;
        int n = 0, freedom = 0;
        for (var i = 0; i < table.N; i++)
        {
            var states = table.States(i);
            var scores = table.Scores(i);
            var mark = CurrentMark.Of(states, scores, table.Weights, policy.MissingCountsZero);
            if (mark.Items == 0 || double.IsNaN(mark.Mean) || LatestWork.Of(states, scores, table.Weights, table.Time).IsMissing)
                continue;
            n++;
            var delta = mark.Mean - markSum;
            markSum += delta / n;
            squares += delta * (mark.Mean - markSum);
            inverse += 1.0 / mark.Items;
            freedom += mark.Items - 1;
            within += SquaresOf(states, scores, table.Weights, policy.MissingCountsZero);
        }

        if (n == 0)
            return None;
        var sigma2 = freedom > 0 ? within / freedom : 0;
        var tau2 = n > 1 ? Math.Max(0, squares / (n - 1) - sigma2 * inverse / n) : 0;
        return new(markSum, tau2, sigma2, n);
    }

    /// <summary>Squared deviations of one student's scores from their mean.</summary>
    private static double SquaresOf(ReadOnlySpan<CellState> states, ReadOnlySpan<double> scores, CourseWeights weights, bool missingCountsZero)
    {
        double mean = 0, squares = 0;
        var m = 0;
        for (var p = 0; p < states.Length; p++)
        {
            if (weights.Adds[p] <= 0 || !(states[p] == CellState.Graded || states[p] == CellState.Missing && missingCountsZero))
                continue;
            var value = states[p] == CellState.Graded ? scores[p] : 0;
            var delta = value - mean;
            mean += delta / ++m;
            squares += delta * (value - mean);
        }

        return squares;
    }
}
