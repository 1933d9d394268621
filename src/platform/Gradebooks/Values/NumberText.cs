using System.Buffers;
using System.Globalization;

namespace Provost.Gradebooks.Values;

internal enum DecimalMark { Point, Comma }

/// <summary>Numbers as people and exports write them: 8.5, 8,5, 1,499.50, 1.499,50, 1'000, 1 000.</summary>
internal static class NumberText
{
    private const int LongestNumber = 40;
    private static readonly SearchValues<char> NumberCharacters = SearchValues.Create("0123456789.,+-");

    public static double? Parse(ReadOnlySpan<char> text, DecimalMark mark)
    {
        text = text.Trim();
        if (text.IsEmpty || text.Length > LongestNumber)
            return null;
        Span<char> plain = stackalloc char[LongestNumber];
        var length = Normalise(text, mark, plain);
        if (length == 0)
            return null;
        var parsed = double.TryParse(plain[..length], NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent,
            CultureInfo.InvariantCulture, out var value);
        return parsed && double.IsFinite(value) ? value : null;
    }

    /// <summary>What a single number says about the decimal mark: 8,5 and 0,125 say comma, 8.5 says point, 1,250 says nothing.</summary>
    public static DecimalMark? Evidence(ReadOnlySpan<char> text)
    {
        text = text.Trim().TrimEnd('%').Trim();
        var (comma, point) = (text.LastIndexOf(','), text.LastIndexOf('.'));
        if (comma < 0 && point < 0 || !IsNumberLike(text))
            return null;
        if (comma >= 0 && point >= 0)
            return comma > point ? DecimalMark.Comma : DecimalMark.Point;
        var at = Math.Max(comma, point);
        var mark = comma >= 0 ? DecimalMark.Comma : DecimalMark.Point;
        if (text.Count(text[at]) > 1)
            return mark == DecimalMark.Comma ? DecimalMark.Point : DecimalMark.Comma;
        var couldBeThousands = text.Length - at == 4 && at is > 0 and <= 3 && text[0] != '0';
        return couldBeThousands ? null : mark;
    }

    private static bool IsNumberLike(ReadOnlySpan<char> text) =>
        text.Length <= LongestNumber && text.IndexOfAnyExcept(NumberCharacters) < 0 && text.IndexOfAnyInRange('0', '9') >= 0;

    // Writes the number the invariant way; 0 when it is not a number.
    private static int Normalise(ReadOnlySpan<char> text, DecimalMark mark, Span<char> plain)
    {
        var decimalAt = DecimalAt(text, mark);
        var (length, digits) = (0, 0);
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (char.IsAsciiDigit(c))
                digits++;
            else if (i == decimalAt)
                c = '.';
            else if (c is '\u2212')
                c = '-';
            else if (IsGrouping(c) && digits > 0 && GroupOfThree(text, i))
                continue;
            else if (c is not ('+' or '-' or 'e' or 'E'))
                return 0;
            plain[length++] = c;
        }
        return digits > 0 ? length : 0;
    }

    private static int DecimalAt(ReadOnlySpan<char> text, DecimalMark mark)
    {
        var (comma, point) = (text.LastIndexOf(','), text.LastIndexOf('.'));
        if (comma >= 0 && point >= 0)
            return Math.Max(comma, point);
        var at = Math.Max(comma, point);
        if (at < 0 || text.Count(text[at]) > 1)
            return -1;
        var own = comma >= 0 ? DecimalMark.Comma : DecimalMark.Point;
        // In a column of the other kind this may be a separator of thousands; if it cannot be, it is the decimal mark after all.
        return own != mark && GroupOfThree(text, at) && at <= 4 && text[0] != '0' ? -1 : at;
    }

    private static bool IsGrouping(char c) => c is ',' or '.' or '\'' or '\u2019' or ' ' or '\u00A0' or '\u202F';

    private static bool GroupOfThree(ReadOnlySpan<char> text, int at) =>
        at + 3 < text.Length && char.IsAsciiDigit(text[at + 1]) && char.IsAsciiDigit(text[at + 2]) && char.IsAsciiDigit(text[at + 3])
        && (at + 4 == text.Length || !char.IsAsciiDigit(text[at + 4]));
}
