namespace Provost.Gradebooks.Tables;

/// <summary>What a cell says, without what spreadsheets and exports put around it.</summary>
internal static class CellText
{
    /// <summary>Names longer than this are not taken apart.</summary>
    public const int LongestHeader = 1_000;

    /// <summary>Trims blanks of every kind, removes control characters, and unwraps ="text", which keeps spreadsheets from reading text as a formula or a number.</summary>
    public static string Clean(string raw)
    {
        var text = raw.AsSpan().Trim().Trim("\uFEFF\u200B\u200E\u200F").Trim();
        if (text.Length >= 3 && text.StartsWith("=\"") && text.EndsWith("\""))
            text = text[2..^1];
        if (!HasControl(text))
            return text.Length == raw.Length ? raw : text.ToString();
        return string.Concat(text.ToString().Select(c => char.IsControl(c) ? ' ' : c)).Trim();
    }

    private static bool HasControl(ReadOnlySpan<char> text)
    {
        foreach (var c in text)
            if (char.IsControl(c))
                return true;
        return false;
    }

    /// <summary>A spreadsheet would run this text as a formula.</summary>
    public static bool LooksLikeFormula(string text) => text.Length > 1 && text[0] is '=' or '+' or '-' or '@' && !char.IsAsciiDigit(text[1]) && text[1] != ' ';

    /// <summary>For comparing words: lower case, single blanks, no punctuation at the ends.</summary>
    public static string Word(string text)
    {
        var trimmed = text.AsSpan().Trim().Trim(":.#*\"'").Trim();
        return string.Join(' ', trimmed.ToString().ToLowerInvariant().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
    }

    /// <summary>An id made of a name: letters and digits, joined by hyphens.</summary>
    public static string Slug(string name)
    {
        var words = string.Concat(name.ToLowerInvariant().Select(c => char.IsLetterOrDigit(c) ? c : ' '));
        var slug = string.Join('-', words.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        return slug.Length == 0 ? "assessment" : slug;
    }
}
