using Provost.Gradebooks.Tables;
using Provost.Gradebooks.Values;

namespace Provost.Gradebooks.Layouts;

/// <summary>One column's cells over the student rows, read with the column's own decimal mark.</summary>
internal sealed record ColumnValues(DecimalMark Mark, bool MarkIsCommaByEvidence, CellValue[] Cells)
{
    public int Scores { get; } = Cells.Count(cell => cell.IsScore);
    public int Blanks { get; } = Cells.Count(cell => cell.Kind == CellKind.Blank);
    public int Letters { get; } = Cells.Count(cell => cell.Kind == CellKind.Letter);
    public int Texts { get; } = Cells.Count(cell => cell.Kind == CellKind.Text);
    public int States { get; } = Cells.Count(cell => cell.IsState);
    public int Completions { get; } = Cells.Count(cell => cell.Kind is CellKind.Complete or CellKind.Incomplete);
    public int Percents { get; } = Cells.Count(cell => cell.Kind == CellKind.Percent);
    public int Ratios { get; } = Cells.Count(cell => cell.Kind == CellKind.Ratio);

    public int Filled => Cells.Length - Blanks;

    public static ColumnValues Read(Table table, IReadOnlyList<int> rows, int column, DecimalMark fallback)
    {
        var mark = MarkOf(table, rows, column);
        var cells = new CellValue[rows.Count];
        for (var i = 0; i < rows.Count; i++)
            cells[i] = CellValueReader.Read(table[rows[i], column], mark ?? fallback);
        return new ColumnValues(mark ?? fallback, mark == DecimalMark.Comma, cells);
    }

    /// <summary>The decimal mark that the column's own numbers show; null when none of them tells.</summary>
    public static DecimalMark? MarkOf(Table table, IReadOnlyList<int> rows, int column)
    {
        var (commas, points) = (0, 0);
        foreach (var row in rows)
        {
            switch (NumberText.Evidence(table[row, column]))
            {
                case DecimalMark.Comma: commas++; break;
                case DecimalMark.Point: points++; break;
            }
        }
        return commas == 0 && points == 0 ? null : commas > points ? DecimalMark.Comma : DecimalMark.Point;
    }
}
