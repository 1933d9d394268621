using Provost.Analytics.Cells;
using Provost.Analytics.Insights;
using Provost.Analytics.Numerics;

namespace Provost.Analytics.Submissions;

/// <summary>When the students of a class hand in. Section 7 of the formulas.</summary>
internal static class ClassSubmissions
{
    private const double PriorWeight = 4;
    private const double LastMinuteDays = 6 / 24.0;
    private const double ChronicRate = 0.3;

    public static SubmissionBehaviour[] Of(ScoreTable table, InsightPolicy policy)
    {
        var counts = new Counts[table.N];
        double onTime = 0, judged = 0;
        var wholeDays = true;
        for (var i = 0; i < table.N; i++)
        {
            counts[i] = Count(table, i, policy, ref wholeDays);
            onTime += counts[i].Judged - counts[i].Late;
            judged += counts[i].Judged;
        }

        var classRate = judged > 0 ? onTime / judged : double.NaN;
        var lags = new double[table.K];
        var result = new SubmissionBehaviour[table.N];
        for (var i = 0; i < table.N; i++)
            result[i] = Describe(counts[i], classRate, MedianLag(table, i, lags), wholeDays);
        return result;
    }

    private static SubmissionBehaviour Describe(Counts c, double classRate, double medianLagDays, bool wholeDays)
    {
        var undated = Estimate.None(0, "no submission with a known day and due day");
        var missing = c.Due == 0 ? Estimate.None(0, "nothing was due yet") : Proportion.Wilson(c.Missing, c.Due);
        if (c.Judged == 0)
            return new(c.Submitted, 0, c.Missing, undated, undated, missing, undated, undated, false);
        var late = Proportion.Wilson(c.Late, c.Judged);
        var raw = Proportion.Wilson(c.Judged - c.Late, c.Judged);
        var shrunk = (c.Judged - c.Late + PriorWeight * classRate) / (c.Judged + PriorWeight);
        var lastMinute = wholeDays
            ? Estimate.None(c.Judged, "submission times are whole days")
            : Proportion.Wilson(c.LastMinute, c.Judged);
        return new(
            c.Submitted, c.Late, c.Missing, Estimate.Of(shrunk, c.Judged, raw.Low, raw.High), late, missing,
            Estimate.Of(24 * medianLagDays, c.Judged), lastMinute, late.Low > ChronicRate);
    }

    private static Counts Count(ScoreTable table, int student, InsightPolicy policy, ref bool wholeDays)
    {
        var states = table.States(student);
        var c = default(Counts);
        for (var p = 0; p < states.Length; p++)
        {
            if (states[p] == CellState.Missing)
                c = c with { Missing = c.Missing + 1, Due = c.Due + 1 };
            if (states[p] is not (CellState.Graded or CellState.Pending) || table.Transferred(student, p))
                continue;
            c = c with { Submitted = c.Submitted + 1, Due = c.Due + 1 };
            var lag = table.LagDays(student, p);
            if (double.IsNaN(lag))
                continue;
            wholeDays &= lag == Math.Floor(lag);
            c = c with
            {
                Judged = c.Judged + 1,
                Late = c.Late + (lag > policy.GraceDays ? 1 : 0),
                LastMinute = c.LastMinute + (lag is <= 0 and >= -LastMinuteDays ? 1 : 0),
            };
        }

        return c;
    }

    private static double MedianLag(ScoreTable table, int student, double[] lags)
    {
        var count = 0;
        for (var p = 0; p < table.K; p++)
        {
            var lag = table.LagDays(student, p);
            if (!double.IsNaN(lag))
                lags[count++] = lag;
        }

        return OrderStatistics.Median(lags.AsSpan(0, count));
    }

    /// <param name="Judged">Submissions with both days known.</param>
    private readonly record struct Counts(int Submitted, int Due, int Missing, int Judged, int Late, int LastMinute);
}
