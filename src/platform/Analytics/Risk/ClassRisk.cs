using Provost.Analytics.Cells;
using Provost.Analytics.Insights;

namespace Provost.Analytics.Risk;

/// <summary>The risk terms of a whole class, and what is typical in it.</summary>
internal sealed class ClassRisk
{
    private readonly double meanLag;

    public ClassRisk(ScoreTable table, InsightPolicy policy)
    {
        Terms = new RiskTerms[table.N];
        double sum = 0;
        var count = 0;
        for (var i = 0; i < table.N; i++)
        {
            Terms[i] = RiskTerms.Of(table, i, policy);
            if (double.IsNaN(Terms[i].MeanLag))
                continue;
            sum += Terms[i].MeanLag;
            count++;
        }

        meanLag = count > 0 ? sum / count : double.NaN;
        Progress = ProgressOf(table);
    }

    public RiskTerms[] Terms { get; }

    /// <summary>Share of the course's weight that is due: at least half of the class is graded, pending or missing there.</summary>
    public double Progress { get; }

    /// <summary>Mean lag less the class's, in tens of days; 0 when unknown.</summary>
    public double Timing(int student) => double.IsNaN(Terms[student].MeanLag) ? 0 : (Terms[student].MeanLag - meanLag) / 10;

    /// <summary>R; NaN when nothing was due for the student.</summary>
    public double Score(int student) => Terms[student].IsKnown ? Terms[student].Score : double.NaN;

    public double Probability(int student, RiskCurve curve) => curve.Probability(Score(student), Timing(student), Progress);

    /// <summary>All students' risks, in the grid's order.</summary>
    public RiskScore[] Scores(IReadOnlyList<string> keys, InsightPolicy policy, RiskCurve curve)
    {
        var probabilities = new double[Terms.Length];
        for (var i = 0; i < Terms.Length; i++)
            probabilities[i] = Probability(i, curve);
        var ranks = Ranks(keys, probabilities);
        var capacity = (int)Math.Ceiling(Math.Clamp(policy.Capacity, 0, 1) * Terms.Length - 1e-9);
        var typical = TypicalTerms.Of(Terms);
        var scores = new RiskScore[Terms.Length];
        for (var i = 0; i < Terms.Length; i++)
        {
            var t = Terms[i];
            scores[i] = t.IsKnown
                ? new(Estimate.Of(probabilities[i], t.Due), t.Score, ranks[i], ranks[i] <= capacity, Reasons(i, typical, curve),
                    t.Due, t.Missing, t.Late, t.LastScore)
                : new(Estimate.None(0, "nothing was due yet"), double.NaN, 0, false, [], 0, 0, t.Late, double.NaN);
        }

        return scores;
    }

    private RiskReason[] Reasons(int student, TypicalTerms typical, RiskCurve curve)
    {
        var t = Terms[student];
        var timed = t.LagItems > 0 && curve.Timing != 0 && curve.SlopeAt(Progress) > 0;
        var reasons = new RiskReason[timed ? 5 : 4];
        reasons[0] = new(RiskReasonKind.CurrentMark, t.MarkTerm - typical.MarkTerm, t.MarkTerm, t.Mark, t.Due, typical.Mark);
        reasons[1] = new(RiskReasonKind.Missing, t.MissingTerm - typical.MissingTerm, t.MissingTerm, t.Missing, t.Due, typical.Missing);
        reasons[2] = new(RiskReasonKind.Late, t.LateTerm - typical.LateTerm, t.LateTerm, t.Late, t.HandedInOrDue, typical.Late);
        reasons[3] = new(RiskReasonKind.LastItem, t.LastTerm - typical.LastTerm, t.LastTerm, t.LastScore, t.Due, typical.LastScore);
        if (timed)
        {
            var term = curve.Timing * Timing(student) / curve.SlopeAt(Progress);
            reasons[4] = new(RiskReasonKind.Timing, term, term, t.MeanLag, t.LagItems, meanLag);
        }

        Array.Sort(reasons, (a, b) => a.Contribution != b.Contribution ? b.Contribution.CompareTo(a.Contribution) : a.Kind.CompareTo(b.Kind));
        return reasons;
    }

    /// <summary>1 = highest probability; equal ones by score, then by key, so that the order of the rows does not matter.</summary>
    private int[] Ranks(IReadOnlyList<string> keys, double[] probabilities)
    {
        var order = Enumerable.Range(0, Terms.Length).Where(i => Terms[i].IsKnown).ToArray();
        Array.Sort(order, (a, b) =>
            probabilities[a] != probabilities[b] ? probabilities[b].CompareTo(probabilities[a])
            : Terms[a].Score != Terms[b].Score ? Terms[b].Score.CompareTo(Terms[a].Score)
            : string.CompareOrdinal(keys[a], keys[b]));
        var ranks = new int[Terms.Length];
        for (var place = 0; place < order.Length; place++)
            ranks[order[place]] = place + 1;
        return ranks;
    }

    private static double ProgressOf(ScoreTable table)
    {
        var due = 0.0;
        for (var p = 0; p < table.K; p++)
        {
            if (table.Weights.Reach[p] <= 0)
                continue;
            var counts = table.Counts(p);
            var done = counts.Graded + counts.Missing + counts.Pending;
            if (done > 0 && 2 * done >= table.N - counts.Excused)
                due += table.Weights.Reach[p];
        }

        return table.Weights.Total > 0 ? due / table.Weights.Total : 0;
    }
}
