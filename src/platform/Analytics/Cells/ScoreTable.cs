using Provost.Analytics.Forecasts;
using Provost.Analytics.Insights;
using Provost.Analytics.Submissions;

namespace Provost.Analytics.Cells;

/// <summary>
/// A grid taken apart once into flat arrays, assessments in order of time, so that every insight only walks over numbers.
/// Position p below is a position in time; <see cref="Order"/> leads back to the grid's column.
/// </summary>
internal sealed class ScoreTable
{
    private readonly CellState[] states;
    private readonly double[] scores;
    private readonly double[] lags;
    private readonly CellTally[] tallies;

    public ScoreTable(CellGrid grid)
    {
        Grid = grid;
        N = grid.Students.Count;
        K = grid.Assessments.Count;
        Time = CourseTime.Of(grid.Assessments);
        Weights = CourseWeights.Of(grid.Assessments, Time.Order);
        states = new CellState[N * K];
        scores = new double[N * K];
        lags = new double[N * K];
        tallies = new CellTally[K];
        for (var i = 0; i < N; i++)
            Fill(i, grid.Row(i));
    }

    public CellGrid Grid { get; }
    public int N { get; }
    public int K { get; }
    public CourseTime Time { get; }
    public CourseWeights Weights { get; }

    /// <summary>Grid column of each position in time.</summary>
    public int[] Order => Time.Order;

    public Assessment Assessment(int position) => Grid.Assessments[Order[position]];

    public bool Transferred(int student, int position) => Grid[student, Order[position]].Transferred;

    /// <summary>One student's states, in order of time.</summary>
    public ReadOnlySpan<CellState> States(int student) => states.AsSpan(student * K, K);

    /// <summary>One student's scores in per cent, in order of time; NaN unless graded.</summary>
    public ReadOnlySpan<double> Scores(int student) => scores.AsSpan(student * K, K);

    /// <summary>Copies one assessment's n scores; NaN unless graded.</summary>
    public void Column(int position, Span<double> into)
    {
        for (var i = 0; i < N; i++)
            into[i] = scores[i * K + position];
    }

    public CurrentMark Mark(int student, InsightPolicy policy) =>
        CurrentMark.Of(States(student), Scores(student), Weights, policy.MissingCountsZero);

    public StudentRest Rest(int student, InsightPolicy policy) =>
        StudentRest.Of(States(student), Scores(student), Weights, Time, Grid.AsOfDay, policy);

    /// <summary>How many of the class are in each state.</summary>
    public CellTally Counts(int position) => tallies[position];

    /// <summary>Submission - due in days; NaN when it cannot be judged (see <see cref="Lateness"/>).</summary>
    public double LagDays(int student, int position) => lags[student * K + position];

    private void Fill(int student, ReadOnlySpan<Cell> row)
    {
        for (var p = 0; p < K; p++)
        {
            var cell = row[Time.Order[p]];
            var state = Readable(cell);
            var at = student * K + p;
            states[at] = state;
            scores[at] = state == CellState.Graded ? cell.Score : double.NaN;
            lags[at] = Lateness.LagDays(Assessment(p), cell) ?? double.NaN;
            tallies[p] = tallies[p].With(state);
        }
    }

    /// <summary>A grade that is no number is a grade that is not known yet.</summary>
    internal static CellState Readable(Cell cell) =>
        cell.State == CellState.Graded && !double.IsFinite(cell.Score) ? CellState.Pending : cell.State;
}
