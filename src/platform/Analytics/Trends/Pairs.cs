namespace Provost.Analytics.Trends;

/// <summary>All pairs of a series, walked once: slopes, Kendall's score and its variance.</summary>
/// <param name="Count">Slopes written: pairs with different times.</param>
/// <param name="Score">S: pairs that rise less pairs that fall.</param>
/// <param name="Variance">
/// Of S, with ties in both series (Kendall 1970, ch. 4.9): reduces to [m(m-1)(2m+5) - sum t(t-1)(2t+5)]/18 when times differ.
/// </param>
internal readonly record struct Pairs(int Count, int Score, double Variance)
{
    /// <param name="times">m times, ascending.</param>
    /// <param name="values">m values.</param>
    /// <param name="slopes">Room for m (m - 1) / 2 slopes.</param>
    public static Pairs Of(ReadOnlySpan<double> times, ReadOnlySpan<double> values, Span<double> slopes)
    {
        var m = times.Length;
        // For each point, how many others are equal to it in time, and in value.
        Span<int> sameTime = m <= 256 ? stackalloc int[m] : new int[m];
        Span<int> sameValue = m <= 256 ? stackalloc int[m] : new int[m];
        sameTime.Clear();
        sameValue.Clear();
        int count = 0, score = 0;
        for (var j = 0; j < m; j++)
        {
            double time = times[j], value = values[j];
            for (var l = j + 1; l < m; l++)
            {
                double distance = times[l] - time, change = values[l] - value;
                if (change == 0)
                {
                    sameValue[j]++;
                    sameValue[l]++;
                }

                if (distance == 0)
                {
                    sameTime[j]++;
                    sameTime[l]++;
                    continue;
                }

                score += (change > 0 ? 1 : 0) - (change < 0 ? 1 : 0);
                slopes[count++] = change / distance;
            }
        }

        return new(count, score, VarianceOf(m, Ties.Of(sameTime), Ties.Of(sameValue)));
    }

    private static double VarianceOf(double m, Ties time, Ties value) =>
        (m * (m - 1) * (2 * m + 5) - time.Fifth - value.Fifth) / 18
        + time.Second * value.Second / (2 * m * (m - 1))
        + time.Third * value.Third / (9 * m * (m - 1) * (m - 2));

    /// <summary>Sums over groups of t equal values: t(t-1)(2t+5), t(t-1), t(t-1)(t-2).</summary>
    private readonly record struct Ties(double Fifth, double Second, double Third)
    {
        /// <param name="others">For each point, how many others equal it: each member brings its share of the group's term.</param>
        public static Ties Of(ReadOnlySpan<int> others)
        {
            double fifth = 0, second = 0, third = 0;
            foreach (double other in others)
            {
                fifth += other * (2 * other + 7);
                second += other;
                third += other * (other - 1);
            }

            return new(fifth, second, third);
        }
    }
}
