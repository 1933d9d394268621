using Provost.Analytics.Numerics;

namespace Provost.Analytics.Risk;

/// <summary>Class medians of the risk terms and of what they measure, over the students for whom something was due.</summary>
internal sealed record TypicalTerms(
    double MarkTerm, double MissingTerm, double LateTerm, double LastTerm, double Mark, double Missing, double Late, double LastScore)
{
    public static TypicalTerms Of(RiskTerms[] terms) => new(
        Median(terms, t => t.MarkTerm), Median(terms, t => t.MissingTerm), Median(terms, t => t.LateTerm), Median(terms, t => t.LastTerm),
        Median(terms, t => t.Mark), Median(terms, t => t.Missing), Median(terms, t => t.Late),
        Median(terms, t => double.IsNaN(t.LastScore) ? 0 : t.LastScore));

    private static double Median(RiskTerms[] terms, Func<RiskTerms, double> of)
    {
        var values = new double[terms.Length];
        var count = 0;
        foreach (var t in terms)
        {
            if (t.IsKnown && of(t) is var value && !double.IsNaN(value))
                values[count++] = value;
        }

        return OrderStatistics.Median(values.AsSpan(0, count));
    }
}
