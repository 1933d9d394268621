namespace Provost.Analytics.Cells;

/// <summary>How much each assessment counts, in order of time.</summary>
/// <param name="Adds">Weight in the numerator of a mark.</param>
/// <param name="Reach">Weight in the denominator: as <paramref name="Adds"/>, but 0 for extra credit.</param>
/// <param name="Total">Sum of <paramref name="Reach"/>; 0 only when there is nothing but extra credit.</param>
/// <param name="Equal">All weights were 0, so every assessment counts alike.</param>
internal sealed record CourseWeights(double[] Adds, double[] Reach, double Total, bool Equal)
{
    public static CourseWeights Of(IReadOnlyList<Assessment> assessments, ReadOnlySpan<int> order)
    {
        var k = assessments.Count;
        double[] adds = new double[k], reach = new double[k];
        var total = 0.0;
        for (var p = 0; p < k; p++)
        {
            var assessment = assessments[order[p]];
            adds[p] = double.IsFinite(assessment.Weight) && assessment.Weight > 0 ? assessment.Weight : 0;
            reach[p] = assessment.ExtraCredit ? 0 : adds[p];
            total += reach[p];
        }

        if (total > 0)
            return new(adds, reach, total, false);
        for (var p = 0; p < k; p++)
        {
            if (assessments[order[p]].ExtraCredit)
                continue;
            adds[p] = reach[p] = 1;
            total++;
        }

        return new(adds, reach, total, true);
    }
}
