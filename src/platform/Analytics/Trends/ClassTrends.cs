using Provost.Analytics.Cells;

namespace Provost.Analytics.Trends;

/// <summary>Trends of a whole class. Works in arrays of its own: one thread at a time.</summary>
internal sealed class ClassTrends(ScoreTable table, double[] medians)
{
    private readonly double[] times = new double[table.K];
    private readonly double[] values = new double[table.K];
    private readonly double[] slopes = new double[table.K * (table.K - 1) / 2];

    /// <summary>
    /// Trend of a student's class-relative residuals e_ij = s_ij - median_i(s_.j), so that a hard exam is not a decline. Graded items
    /// only (missing work is the risk's matter), transferred marks left out.
    /// </summary>
    public Trend Of(int student)
    {
        var scores = table.Scores(student);
        var m = 0;
        for (var p = 0; p < scores.Length; p++)
        {
            if (double.IsNaN(scores[p]) || table.Transferred(student, p))
                continue;
            times[m] = table.Time.Weeks[p];
            values[m++] = scores[p] - medians[p];
        }

        return TrendAnalysis.Of(times.AsSpan(0, m), values.AsSpan(0, m), table.Time.PerWeek, slopes);
    }

    /// <summary>Trend of the class medians, over assessments that half of the class have a grade in.</summary>
    public Trend OfClass()
    {
        var m = 0;
        for (var p = 0; p < table.K; p++)
        {
            if (double.IsNaN(medians[p]) || 2 * table.Counts(p).Graded < table.N)
                continue;
            times[m] = table.Time.Weeks[p];
            values[m++] = medians[p];
        }

        return TrendAnalysis.Of(times.AsSpan(0, m), values.AsSpan(0, m), table.Time.PerWeek, slopes);
    }
}
