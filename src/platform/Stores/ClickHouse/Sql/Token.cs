using System.Text;

namespace Provost.Stores.ClickHouse.Sql;

internal enum TokenKind
{
    /// <summary>A bare or quoted identifier, or a keyword.</summary>
    Word,
    QuotedWord,
    String,
    Number,

    /// <summary>One character (or one byte that the lexer does not know).</summary>
    Symbol,

    /// <summary>A quote or a comment that never ends; the engine refuses the query.</summary>
    Unterminated,
}

/// <summary>A piece of SQL that means something: comments and white space are gone.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Start">Where its first byte is.</param>
/// <param name="End">Where the byte after it is.</param>
/// <param name="Text">The identifier or string without quotes and escapes; the characters of anything else.</param>
internal readonly record struct Token(TokenKind Kind, int Start, int End, string Text)
{
    /// <summary>A keyword is never quoted.</summary>
    public bool Is(string keyword) => Kind == TokenKind.Word && Text.Equals(keyword, StringComparison.OrdinalIgnoreCase);

    public bool IsSymbol(char symbol) => Kind == TokenKind.Symbol && Text.Length == 1 && Text[0] == symbol;

    public bool IsIdentifier => Kind is TokenKind.Word or TokenKind.QuotedWord;

    internal static string Unescape(ReadOnlySpan<byte> inside, byte quote)
    {
        if (inside.IndexOfAny((byte)'\\', quote) < 0)
        {
            return Encoding.UTF8.GetString(inside);
        }

        var bytes = new List<byte>(inside.Length);
        for (var i = 0; i < inside.Length; i++)
        {
            if (inside[i] == quote)
            {
                bytes.Add(quote);
                i++;
            }
            else if (inside[i] != '\\' || i + 1 == inside.Length)
            {
                bytes.Add(inside[i]);
            }
            else if (inside[i + 1] is (byte)'x' or (byte)'X' && i + 3 < inside.Length
                && byte.TryParse(inside.Slice(i + 2, 2), System.Globalization.NumberStyles.AllowHexSpecifier, null, out var value))
            {
                bytes.Add(value);
                i += 3;
            }
            else
            {
                bytes.Add(Escaped(inside[++i]));
            }
        }

        return Encoding.UTF8.GetString([.. bytes]);
    }

    private static byte Escaped(byte letter) => letter switch
    {
        (byte)'n' => (byte)'\n',
        (byte)'t' => (byte)'\t',
        (byte)'r' => (byte)'\r',
        (byte)'0' => 0,
        (byte)'b' => (byte)'\b',
        (byte)'f' => (byte)'\f',
        (byte)'a' => 7,
        (byte)'v' => 11,
        (byte)'e' => 27,
        _ => letter,
    };
}
