namespace Provost.Analytics.Numerics;

/// <summary>Order statistics without sorting more than is needed.</summary>
internal static class OrderStatistics
{
    private const int WorthSampling = 600;

    /// <summary>Quantile of type 7 (Hyndman &amp; Fan 1996; the default of R and NumPy) of ascending values.</summary>
    public static double Quantile(ReadOnlySpan<double> sorted, double p)
    {
        if (sorted.IsEmpty)
            return double.NaN;
        var h = (sorted.Length - 1) * p;
        var below = (int)h;
        return below + 1 < sorted.Length
            ? sorted[below] + (h - below) * (sorted[below + 1] - sorted[below])
            : sorted[^1];
    }

    /// <summary>Median; the values are reordered.</summary>
    public static double Median(Span<double> values)
    {
        if (values.IsEmpty)
            return double.NaN;
        var middle = values.Length / 2;
        var upper = Select(values, middle);
        if (values.Length % 2 == 1)
            return upper;
        var lower = double.NegativeInfinity;
        foreach (var value in values[..middle])
            lower = Math.Max(lower, value);
        return lower + (upper - lower) / 2;
    }

    /// <summary>
    /// The value of rank <paramref name="rank"/> (0 = smallest). Afterwards everything before that position is not larger and
    /// everything behind it not smaller (Floyd &amp; Rivest 1975: the pivot is the value of that rank in a sample). No NaN.
    /// </summary>
    public static double Select(Span<double> values, int rank)
    {
        int left = 0, right = values.Length - 1;
        while (right > left)
        {
            var pivot = Pivot(values, left, right, rank);
            var split = left + MoveBelow(values[left..(right + 1)], pivot);
            if (rank < split)
            {
                right = split - 1;
                continue;
            }

            // Nothing is smaller than the pivot: its equals are put in front, or many ties would never come to an end. Nothing is above infinity.
            if (split == left)
            {
                split += MoveBelow(values[left..(right + 1)], Math.BitIncrement(pivot));
                if (rank < split || split == left)
                    return pivot;
            }

            left = split;
        }

        return values[rank];
    }

    /// <summary>Percentile rank of each value among all, 0 to 1: (below + 0.5 ties) / n, the value itself counted as a tie. NaN stays NaN.</summary>
    public static double[] MidRanks(ReadOnlySpan<double> values)
    {
        var sorted = Sorted(values);
        var ranks = new double[values.Length];
        for (var i = 0; i < values.Length; i++)
        {
            if (double.IsNaN(values[i]))
            {
                ranks[i] = double.NaN;
                continue;
            }

            var below = LowerBound(sorted, values[i]);
            var ties = UpperBound(sorted, values[i]) - below;
            ranks[i] = (below + 0.5 * ties) / sorted.Length;
        }

        return ranks;
    }

    /// <summary>The values that are numbers, ascending.</summary>
    public static double[] Sorted(ReadOnlySpan<double> values)
    {
        var count = 0;
        foreach (var value in values)
            count += double.IsNaN(value) ? 0 : 1;
        var sorted = new double[count];
        count = 0;
        foreach (var value in values)
        {
            if (!double.IsNaN(value))
                sorted[count++] = value;
        }

        Array.Sort(sorted);
        return sorted;
    }

    /// <summary>How many of the ascending values are less than <paramref name="value"/>.</summary>
    public static int LowerBound(ReadOnlySpan<double> sorted, double value)
    {
        int low = 0, high = sorted.Length;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (sorted[middle] < value)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }

    /// <summary>How many of the ascending values are not greater than <paramref name="value"/>.</summary>
    public static int UpperBound(ReadOnlySpan<double> sorted, double value)
    {
        int low = 0, high = sorted.Length;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (sorted[middle] <= value)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }

    private static double Pivot(Span<double> values, int left, int right, int rank)
    {
        double length = right - left + 1;
        if (length <= WorthSampling)
            return MedianOfThree(values[left], values[left + (right - left) / 2], values[right]);
        double below = rank - left + 1, log = Elementary.Log(length), size = 0.5 * Elementary.Exp(2 * log / 3);
        var margin = 0.5 * Math.Sqrt(log * size * (length - size) / length) * Math.Sign(below - length / 2);
        var from = Math.Max(left, (int)(rank - below * size / length + margin));
        var to = Math.Min(right, (int)(rank + (length - below) * size / length + margin));
        return Select(values[from..(to + 1)], rank - from);
    }

    /// <summary>Moves the values below a limit to the front, without a branch that depends on them: the processor could only guess those.</summary>
    /// <returns>How many these are.</returns>
    private static int MoveBelow(Span<double> values, double limit)
    {
        var count = 0;
        for (var i = 0; i < values.Length; i++)
        {
            var value = values[i];
            values[i] = values[count];
            values[count] = value;
            count += value < limit ? 1 : 0;
        }

        return count;
    }

    private static double MedianOfThree(double a, double b, double c) =>
        Math.Max(Math.Min(a, b), Math.Min(Math.Max(a, b), c));
}
