namespace Provost.Analytics.Numerics;

/// <summary>Order statistics without sorting more than is needed.</summary>
internal static class OrderStatistics
{
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
    /// everything behind it not smaller (Hoare 1961, pivot = median of three). No NaN.
    /// </summary>
    public static double Select(Span<double> values, int rank)
    {
        int left = 0, right = values.Length - 1;
        while (right > left)
        {
            var pivot = MedianOfThree(values[left], values[left + (right - left) / 2], values[right]);
            int i = left, j = right;
            while (i <= j)
            {
                while (values[i] < pivot)
                    i++;
                while (values[j] > pivot)
                    j--;
                if (i > j)
                    break;
                (values[i], values[j]) = (values[j], values[i]);
                i++;
                j--;
            }

            if (rank <= j)
                right = j;
            else if (rank >= i)
                left = i;
            else
                return values[rank];
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

    private static double MedianOfThree(double a, double b, double c) =>
        Math.Max(Math.Min(a, b), Math.Min(Math.Max(a, b), c));
}
