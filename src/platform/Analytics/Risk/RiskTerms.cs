using Provost.Analytics.Cells;
using Provost.Analytics.Insights;

namespace Provost.Analytics.Risk;

/// <summary>What the risk score is made of, for one student.</summary>
/// <param name="Mark">P: current mark, per cent, missing = 0 by policy; NaN when nothing is done.</param>
/// <param name="Due">Items that count and are graded or missing.</param>
/// <param name="Missing">Of those, missing.</param>
/// <param name="HandedInOrDue">Items whose lateness can be judged, or that are missing.</param>
/// <param name="Late">Of those, handed in after due + grace.</param>
/// <param name="LastScore">Z: per cent on the last due item; NaN when it is missing.</param>
/// <param name="MeanLag">Mean of submission - due over items with both days, each held to -10 to +5 days; NaN when none has.</param>
/// <param name="LagItems">Items that <paramref name="MeanLag"/> is about.</param>
internal readonly record struct RiskTerms(
    double Mark, int Due, int Missing, int HandedInOrDue, int Late, double LastScore, double MeanLag, int LagItems)
{
    public const double MarkWeight = 0.45;
    public const double MissingWeight = 0.25;
    public const double LateWeight = 0.10;
    public const double LastWeight = 0.20;

    public bool IsKnown => Due > 0;

    public double MarkTerm => MarkWeight * (1 - Share(Mark));
    public double MissingTerm => MissingWeight * Missing / Due;
    public double LateTerm => HandedInOrDue == 0 ? 0 : LateWeight * Late / HandedInOrDue;
    public double LastTerm => LastWeight * (1 - Share(LastScore));

    /// <summary>R of section 1, 0 to 1.</summary>
    public double Score => MarkTerm + MissingTerm + LateTerm + LastTerm;

    public static RiskTerms Of(ScoreTable table, int student, InsightPolicy policy)
    {
        var states = table.States(student);
        var scores = table.Scores(student);
        int due = 0, missing = 0, judged = 0, late = 0, lags = 0;
        var lagSum = 0.0;
        for (var p = 0; p < states.Length; p++)
        {
            if (table.Weights.Reach[p] <= 0)
                continue;
            due += states[p] is CellState.Graded or CellState.Missing ? 1 : 0;
            missing += states[p] == CellState.Missing ? 1 : 0;
            var lag = table.LagDays(student, p);
            judged += states[p] == CellState.Missing || !double.IsNaN(lag) ? 1 : 0;
            if (double.IsNaN(lag))
                continue;
            late += lag > policy.GraceDays ? 1 : 0;
            lagSum += Math.Clamp(lag, -10, 5);
            lags++;
        }

        var mark = CurrentMark.Of(states, scores, table.Weights, policy.MissingCountsZero).Mean;
        var last = LatestWork.Of(states, scores, table.Weights, table.Time).Score;
        return new(mark, due, missing, judged, late, last, lags > 0 ? lagSum / lags : double.NaN, lags);
    }

    private static double Share(double percent) => double.IsNaN(percent) ? 0 : Math.Clamp(percent, 0, 100) / 100;
}
