namespace Provost.Gradebooks.Values;

internal enum CellKind : byte
{
    /// <summary>Nothing, or a dash: the file does not say.</summary>
    Blank,
    Number,
    Percent,
    Ratio,
    Excused,
    Missing,
    Pending,

    /// <summary>The file says that there is nothing to grade for this student.</summary>
    NotAssigned,
    Complete,
    Incomplete,
    Letter,
    Text,
}

/// <summary>What one cell says, before the column's maximum and policy turn it into a state.</summary>
/// <param name="Value">Number, per cent or numerator.</param>
/// <param name="OutOf">Denominator of a ratio.</param>
internal readonly record struct CellValue(CellKind Kind, double Value = double.NaN, double OutOf = double.NaN)
{
    public bool IsScore => Kind is CellKind.Number or CellKind.Percent or CellKind.Ratio;

    /// <summary>The file states what is the case: nothing is left to guess.</summary>
    public bool IsState => Kind is CellKind.Excused or CellKind.Missing or CellKind.Pending or CellKind.NotAssigned;
}
