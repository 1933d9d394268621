using System.Globalization;
using Provost.Gradebooks.Input;

namespace Provost.Gradebooks.Oulad;

/// <summary>Reads one OULAD table row by row. A missing value is an empty cell or "?": the public files use either.</summary>
internal static class OuladTable
{
    public static async Task<(string Encoding, char Delimiter)> ReadAsync(
        OuladSource source, string name, string[] columns, ReadLimits limits, Action<OuladRow> take, Action<long>? progress, CancellationToken cancellation)
    {
        await using var stream = source.Open(name)
            ?? throw new GradebookError($"The OULAD folder has no {name}", $"An OULAD folder holds {string.Join(", ", OuladSource.Tables)}.");
        int[]? positions = null;
        // Every row of the tables is one fact of one student: far more rows than a gradebook has.
        var generous = limits with { MaxRows = int.MaxValue };
        var (encoding, delimiter, _) = await TableReader.ReadRowsAsync(stream, name, generous, row =>
        {
            if (positions is null)
                positions = PositionsOf(row, name, columns);
            else if (row.Cells.Length > 1 || row.Cells[0].Length > 0)
                take(new OuladRow(name, row, positions, columns));
        }, progress is null ? null : new Relay(progress), cancellation);
        return positions is null ? throw new GradebookError($"{name} is empty", "Copy the OULAD folder again.") : (encoding, delimiter);
    }

    private static int[] PositionsOf(Row header, string name, string[] columns) => [.. columns.Select(column =>
        Array.FindIndex(header.Cells, cell => cell.Trim().Equals(column, StringComparison.OrdinalIgnoreCase)) is >= 0 and var index
            ? index
            : throw new GradebookError($"{name} has no column \"{column}\"", $"Its header should name {string.Join(", ", columns)}.", header.Line, column))];

    private sealed class Relay(Action<long> report) : IProgress<ReadProgress>
    {
        public void Report(ReadProgress value) => report(value.BytesRead);
    }
}

/// <summary>One row, its cells in the order of the columns that were asked for.</summary>
internal readonly record struct OuladRow(string Table, Row Row, int[] Positions, string[] Columns)
{
    public string Text(int column)
    {
        if (Positions[column] >= Row.Cells.Length)
            throw new GradebookError($"{Table}: a row has only {Row.Cells.Length} cells", "Copy the OULAD folder again.", Row.Line, Columns[column]);
        return Row.Cells[Positions[column]].Trim();
    }

    public string Required(int column) => Text(column) is { Length: > 0 } text and not "?" ? text
        : throw new GradebookError($"{Table}: a required value is missing", "Copy the OULAD folder again.", Row.Line, Columns[column]);

    public double? Number(int column)
    {
        var text = Text(column);
        if (text is "" or "?")
            return null;
        return double.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw new GradebookError($"{Table}: \"{text}\" is not a number", "Numbers are days, weights and scores with a decimal point; a missing one is empty or \"?\".", Row.Line, Columns[column]);
    }
}
