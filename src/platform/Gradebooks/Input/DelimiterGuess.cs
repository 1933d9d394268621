namespace Provost.Gradebooks.Input;

/// <summary>Finds the character between cells: the one that cuts the first rows into equally many cells, as many as the header has.</summary>
internal static class DelimiterGuess
{
    private static readonly char[] Candidates = [',', ';', '\t', '|'];

    public static string NameOf(char delimiter) => delimiter switch
    {
        ',' => "comma",
        ';' => "semicolon",
        '\t' => "tab",
        '|' => "pipe",
        _ => delimiter.ToString(),
    };

    /// <summary>Excel's own first line: sep=;</summary>
    public static char? Declared(ReadOnlySpan<char> text)
    {
        var line = text[..LineLength(text)].Trim('"');
        return line.Length == 5 && line.StartsWith("sep=", StringComparison.OrdinalIgnoreCase) ? line[4] : null;
    }

    public static int LineLength(ReadOnlySpan<char> text) => text.IndexOfAny('\r', '\n') is var end and >= 0 ? end : text.Length;

    public static char Guess(ReadOnlySpan<char> sample, bool wholeFile, ReadLimits limits)
    {
        var (best, bestScore) = (',', 0.0);
        foreach (var candidate in Candidates)
        {
            var score = Score(Widths(sample, candidate, wholeFile, limits));
            if (score > bestScore)
                (best, bestScore) = (candidate, score);
        }
        return best;
    }

    private static List<int> Widths(ReadOnlySpan<char> sample, char delimiter, bool wholeFile, ReadLimits limits)
    {
        List<int> widths = [];
        // Counting must not fail: what is wrong with the file is reported when it is read.
        var generous = limits with { MaxLineCharacters = int.MaxValue, MaxFieldCharacters = int.MaxValue / 4, MaxColumns = int.MaxValue, MaxRows = int.MaxValue };
        var tokenizer = new RowTokenizer(delimiter, generous, row =>
        {
            if (row.Cells.Any(cell => !string.IsNullOrWhiteSpace(cell)))
                widths.Add(row.Cells.Length);
        });
        try
        {
            tokenizer.Feed(sample);
            if (wholeFile || widths.Count == 0)
                tokenizer.Finish();
        }
        catch (GradebookError)
        {
            // The rows up to here are what there is to count.
        }
        return widths;
    }

    private static double Score(List<int> widths)
    {
        if (widths.Count == 0)
            return 0;
        var mode = widths.GroupBy(w => w).OrderByDescending(g => g.Count()).ThenByDescending(g => g.Key).First();
        if (mode.Key < 2)
            return widths.Max() > 1 ? 0.01 : 0;
        var share = (double)mode.Count() / widths.Count;
        var header = widths[0] == mode.Key ? 1.0 : widths[0] > 1 ? 0.3 : 0;
        return share + header + 0.1 * Math.Min(mode.Key, 50) / 50;
    }
}
