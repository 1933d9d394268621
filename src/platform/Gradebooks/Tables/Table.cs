using Provost.Gradebooks.Input;

namespace Provost.Gradebooks.Tables;

/// <summary>A file as rows of cells, before anybody knows what they mean.</summary>
/// <param name="EncodingIsGuess">The bytes were not UTF-8 and were read as Windows-1252.</param>
internal sealed record Table(string FileName, string Encoding, string Delimiter, bool EncodingIsGuess, IReadOnlyList<Row> Rows)
{
    public int Width { get; } = Rows.Max(row => row.Cells.Length);

    /// <summary>A cell's text, trimmed and without what spreadsheets wrap around text; empty beyond the row's end.</summary>
    public string this[int row, int column] => column < Rows[row].Cells.Length ? CellText.Clean(Rows[row].Cells[column]) : "";

    public long LineOf(int row) => Rows[row].Line;

    public bool IsBlank(int row) => Rows[row].Cells.All(string.IsNullOrWhiteSpace);

    public IEnumerable<string> Texts(int row) => Enumerable.Range(0, Rows[row].Cells.Length).Select(column => this[row, column]);
}
