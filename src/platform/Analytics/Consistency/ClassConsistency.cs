using Provost.Analytics.Cells;
using Provost.Analytics.Numerics;

namespace Provost.Analytics.Consistency;

/// <summary>How steady the students of a class are. Section 6 of the formulas.</summary>
internal static class ClassConsistency
{
    /// <summary>Standardised scores below which nothing is said of a student.</summary>
    public const int Floor = 4;

    /// <summary>Grades below which an assessment does not standardise anything.</summary>
    private const int ClassFloor = 5;

    /// <summary>
    /// SD of z_ij = (s_ij - mean_j)/sd_j over j, RMSSD = sqrt(sum (z_j+1 - z_j)^2/(m-1)) (von Neumann et al. 1941), score
    /// 100 (1 - percentile rank of the SD in the class). Graded items only, transferred marks left out.
    /// </summary>
    /// <param name="table">The class.</param>
    /// <param name="medians">Class medians by position, per cent.</param>
    /// <param name="measurementError">Standard error of measurement, points; NaN when unknown (streaks are 0 then).</param>
    public static StudentConsistency[] Of(ScoreTable table, double[] medians, double measurementError)
    {
        var (means, deviations) = Standards(table);
        double[] spread = new double[table.N], successive = new double[table.N], z = new double[table.K];
        var counts = new int[table.N];
        var streaks = new int[table.N];
        for (var i = 0; i < table.N; i++)
        {
            var m = counts[i] = Standardise(table, i, means, deviations, z);
            spread[i] = m < Floor ? double.NaN : Math.Sqrt(Moments.Variance(z.AsSpan(0, m)));
            successive[i] = m < Floor ? double.NaN : Successive(z.AsSpan(0, m));
            streaks[i] = Streak(table, i, medians, measurementError);
        }

        var ranks = OrderStatistics.MidRanks(spread);
        var result = new StudentConsistency[table.N];
        for (var i = 0; i < table.N; i++)
        {
            var tooFew = counts[i] < Floor;
            var needs = tooFew ? Estimate.Needs(Floor, "graded items", counts[i]) : default;
            result[i] = tooFew
                ? new(needs, needs, needs, streaks[i])
                : new(Estimate.Of(spread[i], counts[i]), Estimate.Of(successive[i], counts[i]),
                    Estimate.Of(100 * (1 - ranks[i]), counts[i]), streaks[i]);
        }

        return result;
    }

    private static int Standardise(ScoreTable table, int student, double[] means, double[] deviations, double[] z)
    {
        var scores = table.Scores(student);
        var m = 0;
        for (var p = 0; p < scores.Length; p++)
        {
            if (!double.IsNaN(scores[p]) && deviations[p] > 0 && !table.Transferred(student, p))
                z[m++] = (scores[p] - means[p]) / deviations[p];
        }

        return m;
    }

    private static double Successive(ReadOnlySpan<double> z)
    {
        var sum = 0.0;
        for (var j = 0; j + 1 < z.Length; j++)
            sum += (z[j + 1] - z[j]) * (z[j + 1] - z[j]);
        return Math.Sqrt(sum / (z.Length - 1));
    }

    /// <summary>
    /// Latest run of moves of the class-relative score in one direction, each larger than the measurement error; negative = down.
    /// </summary>
    private static int Streak(ScoreTable table, int student, double[] medians, double measurementError)
    {
        var scores = table.Scores(student);
        int streak = 0;
        var after = double.NaN;
        for (var p = scores.Length - 1; p >= 0; p--)
        {
            if (double.IsNaN(scores[p]) || table.Transferred(student, p))
                continue;
            var value = scores[p] - medians[p];
            if (!double.IsNaN(after))
            {
                var move = after - value;
                if (!(Math.Abs(move) > measurementError) || streak != 0 && Math.Sign(move) != Math.Sign(streak))
                    break;
                streak += Math.Sign(move);
            }

            after = value;
        }

        return streak;
    }

    private static (double[] Means, double[] Deviations) Standards(ScoreTable table)
    {
        double[] means = new double[table.K], deviations = new double[table.K], column = new double[table.N];
        for (var p = 0; p < table.K; p++)
        {
            table.Column(p, column);
            var values = OrderStatistics.Sorted(column);
            if (values.Length < ClassFloor)
                continue;
            means[p] = Moments.Mean(values);
            var squares = Moments.SquaredDeviations(values, means[p]);
            deviations[p] = Moments.IsRounding(squares, means[p], values.Length) ? 0 : Math.Sqrt(squares / (values.Length - 1));
        }

        return (means, deviations);
    }
}
