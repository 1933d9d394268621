namespace Provost.Analytics.Items;

/// <summary>Item statistics of a whole class, by position in time.</summary>
internal static class ClassItems
{
    public static ItemStatistics Of(ItemTable items, int position, ReadOnlySpan<double> graded, Estimate alphaIfDeleted)
    {
        var scores = items.Columns[position];
        double[] rest = new double[items.N], total = new double[items.N];
        for (var i = 0; i < items.N; i++)
        {
            rest[i] = items.Rest(i, position);
            total[i] = items.Total(i);
        }

        var discrimination = ItemAnalysis.Discrimination(scores, rest);
        return new(
            ItemAnalysis.Facility(graded), discrimination, PointBiserial(items, position, scores), ItemAnalysis.UpperLower(scores, total),
            discrimination.HasValue ? DiscriminationLabel.For(discrimination.Value) : null, alphaIfDeleted);
    }

    /// <summary>Against the sum over complete cases: Henrysson's correction presumes that the total is a sum that holds the item.</summary>
    private static Estimate PointBiserial(ItemTable items, int position, double[] scores)
    {
        if (!items.InTotal[position])
            return Estimate.None(0, "the item is not part of the total");
        var dichotomous = true;
        for (var i = 0; i < items.N && dichotomous; i++)
            dichotomous = double.IsNaN(scores[i]) || scores[i] is 0 or 100;
        if (!dichotomous)
            return Estimate.None(0, "scores other than 0 and 100 %");
        var sums = new double[items.N];
        for (var p = 0; p < items.Columns.Length; p++)
        {
            for (var i = 0; i < items.N && items.InTotal[p]; i++)
                sums[i] += items.Columns[p][i];
        }

        return ItemAnalysis.PointBiserial(scores, sums);
    }
}
