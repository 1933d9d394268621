using Provost.Analytics.Cells;

namespace Provost.Analytics.Items;

/// <summary>
/// Scores ready for item analysis: one array per assessment, missing = 0 by policy, NaN where there is nothing to judge, and
/// each student's sum over the items that make up the total.
/// </summary>
internal sealed class ItemTable
{
    private readonly double[] sums;
    private readonly int[] counts;

    public ItemTable(ScoreTable table, bool missingCountsZero)
    {
        Columns = new double[table.K][];
        InTotal = new bool[table.K];
        sums = new double[table.N];
        counts = new int[table.N];
        for (var p = 0; p < table.K; p++)
        {
            InTotal[p] = table.Weights.Reach[p] > 0 && IsTaken(table, p);
            Columns[p] = new double[table.N];
            table.Column(p, Columns[p]);
            for (var i = 0; i < table.N; i++)
            {
                if (missingCountsZero && table.States(i)[p] == CellState.Missing)
                    Columns[p][i] = 0;
                if (!InTotal[p] || double.IsNaN(Columns[p][i]))
                    continue;
                sums[i] += Columns[p][i];
                counts[i]++;
            }
        }
    }

    /// <summary>By position in time: n scores in per cent.</summary>
    public double[][] Columns { get; }

    /// <summary>By position in time: counts towards the total: it has weight and at least half of the class took it.</summary>
    public bool[] InTotal { get; }

    public int N => sums.Length;

    /// <summary>Mean of a student's other items of the total, per cent; NaN when there is none.</summary>
    public double Rest(int student, int position)
    {
        var own = InTotal[position] && !double.IsNaN(Columns[position][student]);
        var others = counts[student] - (own ? 1 : 0);
        return others == 0 ? double.NaN : (sums[student] - (own ? Columns[position][student] : 0)) / others;
    }

    /// <summary>Mean of all of a student's items of the total, per cent; NaN when there is none.</summary>
    public double Total(int student) => counts[student] == 0 ? double.NaN : sums[student] / counts[student];

    private static bool IsTaken(ScoreTable table, int position)
    {
        var counts = table.Counts(position);
        var taken = counts.Graded + counts.Missing;
        return counts.Graded > 0 && 2 * taken >= table.N - counts.Excused;
    }
}
