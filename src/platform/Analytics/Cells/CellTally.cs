namespace Provost.Analytics.Cells;

/// <summary>How many cells are in each state.</summary>
internal readonly record struct CellTally(int Graded, int Missing, int Excused, int Pending, int NotDue)
{
    public CellTally With(CellState state) => state switch
    {
        CellState.Graded => this with { Graded = Graded + 1 },
        CellState.Missing => this with { Missing = Missing + 1 },
        CellState.Excused => this with { Excused = Excused + 1 },
        CellState.Pending => this with { Pending = Pending + 1 },
        _ => this with { NotDue = NotDue + 1 },
    };
}
