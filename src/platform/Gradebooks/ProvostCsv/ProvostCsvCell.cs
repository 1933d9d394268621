using Provost.Analytics.Cells;
using static Provost.Gradebooks.ProvostCsv.ProvostCsvGrammar;

namespace Provost.Gradebooks.ProvostCsv;

/// <summary>One cell of our CSV: 8.5, 85%, missing, excused, pending, or nothing (not due); then "on DAY" of submission, then "transferred".</summary>
internal static class ProvostCsvCell
{
    private const string Transferred = "transferred";

    public static string Write(Cell cell, double max)
    {
        var state = cell.State switch
        {
            CellState.Graded => Points(cell.Score, max),
            CellState.Missing => "missing",
            CellState.Excused => "excused",
            CellState.Pending => "pending",
            _ => "",
        };
        var day = cell.SubmittedDay is { } submitted ? $"on {Number(submitted)}" : "";
        return string.Join(' ', new[] { state, day, cell.Transferred ? Transferred : "" }.Where(part => part.Length > 0));
    }

    // Points that give back exactly this score; per cent where no points do.
    private static string Points(double score, double max)
    {
        var points = score * max / 100;
        foreach (var candidate in new[] { points, Math.BitIncrement(points), Math.BitDecrement(points) })
            if (double.IsFinite(candidate) && Score(candidate, max).Equals(score))
                return Number(candidate);
        return Number(score) + "%";
    }

    /// <summary>Null when the text is not a cell.</summary>
    public static Cell? Read(string text, double max)
    {
        var parts = text.Split(' ', StringSplitOptions.RemoveEmptyEntries).ToList();
        var transferred = parts.RemoveAll(part => part.Equals(Transferred, StringComparison.OrdinalIgnoreCase)) > 0;
        double? day = null;
        if (parts.Count > 1 && parts[^2].Equals("on", StringComparison.OrdinalIgnoreCase))
        {
            if (Number(parts[^1]) is not { } submitted)
                return null;
            day = submitted;
            parts.RemoveRange(parts.Count - 2, 2);
        }
        return parts.Count > 1 ? null : State(parts.Count == 0 ? "" : parts[0].ToLowerInvariant(), max, day, transferred);
    }

    private static Cell? State(string word, double max, double? day, bool transferred)
    {
        switch (word)
        {
            case "": return new Cell(CellState.NotDue, double.NaN, day, transferred);
            case "missing": return new Cell(CellState.Missing, double.NaN, day, transferred);
            case "excused": return new Cell(CellState.Excused, double.NaN, day, transferred);
            case "pending": return new Cell(CellState.Pending, double.NaN, day, transferred);
        }
        var score = word.EndsWith('%') ? Number(word[..^1]) : Number(word) is { } points ? Score(points, max) : null;
        return score is { } value && double.IsFinite(value) ? new Cell(CellState.Graded, value, day, transferred) : null;
    }
}
