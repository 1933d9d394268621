using Provost.Gradebooks.Tables;

namespace Provost.Gradebooks.Values;

/// <summary>Reads what a cell says.</summary>
internal static class CellValueReader
{
    private static readonly string[] Between = ["/", " out of ", " of ", " von ", " sur ", " de ", " su ", " van ", " av "];

    // More than this is an id, a telephone number or a date, and no maximum.
    private const double LargestScore = 1_000_000;

    public static CellValue Read(string text, DecimalMark mark)
    {
        if (text.Length == 0)
            return new CellValue(CellKind.Blank);
        if (NumberText.Parse(text, mark) is { } number)
            return Math.Abs(number) <= LargestScore ? new CellValue(CellKind.Number, number) : new CellValue(CellKind.Text);
        if (text.Length > 64)
            return new CellValue(CellKind.Text);
        return Percent(text, mark) ?? Ratio(text, mark) ?? Word(text) ?? Annotated(text, mark) ?? new CellValue(IsLetter(text) ? CellKind.Letter : CellKind.Text);
    }

    private static CellValue? Percent(string text, DecimalMark mark) =>
        text.Length > 1 && text[^1] == '%' && NumberText.Parse(text.AsSpan(0, text.Length - 1), mark) is { } value
            ? new CellValue(CellKind.Percent, value)
            : null;

    private static CellValue? Ratio(string text, DecimalMark mark)
    {
        foreach (var between in Between)
        {
            var at = text.IndexOf(between, StringComparison.OrdinalIgnoreCase);
            if (at <= 0)
                continue;
            var outOf = NumberText.Parse(text.AsSpan(at + between.Length), mark);
            var value = text.AsSpan(0, at).Trim();
            if (outOf is > 0 && (NumberText.Parse(value, mark) ?? (value is "-" or "–" or "--" ? double.NaN : null)) is { } score)
                return double.IsNaN(score) ? new CellValue(CellKind.Blank) : new CellValue(CellKind.Ratio, score, outOf.Value);
        }
        return null;
    }

    private static CellValue? Word(string text)
    {
        if (text == "!")
            return new CellValue(CellKind.Pending);
        var word = CellText.Word(text);
        if (CellWords.KindOf(word) is { } kind || CellWords.KindOf(word.Trim('(', ')', '[', ']')) is { } bracketed && (kind = bracketed) == bracketed)
            return new CellValue(kind);
        // Blackboard writes a provisional score behind the state: Needs Grading(8).
        return word.StartsWith("needs grading", StringComparison.Ordinal) || word.StartsWith("in progress", StringComparison.Ordinal)
            ? new CellValue(CellKind.Pending)
            : null;
    }

    // 85 (late), 9.5*, 12 pts, (7), 85/100 Late, Missing (0)
    private static CellValue? Annotated(string text, DecimalMark mark)
    {
        var open = text.IndexOf('(');
        if (open > 0 && text.EndsWith(')') && Read(text[..open].TrimEnd(), mark) is var before && (before.IsScore || before.IsState))
            return before;
        var bare = text.TrimEnd('*', '†', '‡', '!', '?', '^').TrimEnd();
        if (bare.Length > 0 && bare.Length < text.Length && Read(bare, mark) is { IsScore: true } marked)
            return marked;
        var blank = text.LastIndexOf(' ');
        if (blank <= 0 || text[(blank + 1)..].ToLowerInvariant() is not ("late" or "draft" or "pts" or "pts." or "points" or "p" or "pkt" or "punkte" or "pt" or "puntos" or "pontos"))
            return null;
        return Read(text[..blank].TrimEnd(), mark) is { IsScore: true } score ? score : null;
    }

    private static bool IsLetter(string text) =>
        text.Length <= 3 && char.ToUpperInvariant(text[0]) is >= 'A' and <= 'F' or 'P' or 'S' or 'U' && text.AsSpan(1).IndexOfAnyExcept("+-") < 0;
}
