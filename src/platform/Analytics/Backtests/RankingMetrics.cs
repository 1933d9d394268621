namespace Provost.Analytics.Backtests;

/// <summary>How good probabilities are, given what happened. Ties never depend on the order of the rows.</summary>
public static class RankingMetrics
{
    /// <summary>
    /// Area under the ROC curve: the chance that a failed student has the higher probability, ties counted half (Mann-Whitney U;
    /// Hanley &amp; McNeil 1982). Null when one of the two groups is empty.
    /// </summary>
    public static double? Auc(ReadOnlySpan<double> probabilities, ReadOnlySpan<bool> failed)
    {
        var (values, labels) = Ascending(probabilities, failed);
        double ranks = 0;
        long positives = 0;
        for (var start = 0; start < values.Length;)
        {
            var end = start;
            while (end < values.Length && values[end] == values[start])
                end++;
            for (var i = start; i < end; i++)
            {
                if (!labels[i])
                    continue;
                ranks += (start + 1 + end) / 2.0;
                positives++;
            }

            start = end;
        }

        var negatives = values.Length - positives;
        return positives == 0 || negatives == 0 ? null : (ranks - positives * (positives + 1) / 2.0) / ((double)positives * negatives);
    }

    /// <summary>
    /// Expected calibration error: |mean probability - share that failed|, averaged over ten bins of equal width by their sizes
    /// (Naeini et al. 2015). Null without students.
    /// </summary>
    public static double? ExpectedCalibrationError(ReadOnlySpan<double> probabilities, ReadOnlySpan<bool> failed)
    {
        if (probabilities.IsEmpty)
            return null;
        double[] sums = new double[10], hits = new double[10];
        for (var i = 0; i < probabilities.Length; i++)
        {
            var bin = Math.Min(9, (int)(probabilities[i] * 10));
            sums[bin] += probabilities[i];
            hits[bin] += failed[i] ? 1 : 0;
        }

        var error = 0.0;
        for (var bin = 0; bin < 10; bin++)
            error += Math.Abs(sums[bin] - hits[bin]);
        return error / probabilities.Length;
    }

    /// <summary>
    /// Share that failed among the <paramref name="share"/> of students with the highest probability; students tied at the border
    /// count with the fraction that fits. Null without students.
    /// </summary>
    public static double? PrecisionAtTop(ReadOnlySpan<double> probabilities, ReadOnlySpan<bool> failed, double share)
    {
        var (values, labels) = Ascending(probabilities, failed);
        var wanted = Math.Floor(values.Length * share);
        if (wanted < 1)
            return null;
        double taken = 0, hits = 0;
        for (var end = values.Length; end > 0 && taken < wanted;)
        {
            var start = end - 1;
            while (start > 0 && values[start - 1] == values[end - 1])
                start--;
            var part = Math.Min(1, (wanted - taken) / (end - start));
            for (var i = start; i < end; i++)
                hits += labels[i] ? part : 0;
            taken += part * (end - start);
            end = start;
        }

        return hits / wanted;
    }

    private static (double[] Values, bool[] Labels) Ascending(ReadOnlySpan<double> probabilities, ReadOnlySpan<bool> failed)
    {
        var values = probabilities.ToArray();
        var labels = failed.ToArray();
        Array.Sort(values, labels);
        return (values, labels);
    }
}
