using System.Text;

namespace Provost.Stores.ClickHouse.Sql;

/// <summary>
/// Cuts SQL into tokens exactly where ClickHouse does: the quotes (also the curly ones), heredocs, x'..' literals, the four
/// kinds of comments, nested ones included. Anything less and a forbidden name could hide in what this takes for a comment.
/// </summary>
internal ref struct Lexer(ReadOnlySpan<byte> sql, int start = 0)
{
    private readonly ReadOnlySpan<byte> sql = sql;
    private int position = start;

    public static List<Token> All(ReadOnlySpan<byte> sql)
    {
        var tokens = new List<Token>();
        var lexer = new Lexer(sql);
        while (lexer.Next() is { } token)
        {
            tokens.Add(token);
        }

        return tokens;
    }

    public Token? Next()
    {
        if (SkipBlank() is { } unterminated)
        {
            return unterminated;
        }

        if (position >= sql.Length)
        {
            return null;
        }

        var first = sql[position];
        return first switch
        {
            (byte)'\'' => Quoted(TokenKind.String, first),
            (byte)'"' or (byte)'`' => Quoted(TokenKind.QuotedWord, first),
            (byte)'$' => Heredoc() ?? Word(),
            _ when StartsWith("‘"u8) => Curly(TokenKind.String, "’"u8),
            _ when StartsWith("“"u8) => Curly(TokenKind.QuotedWord, "”"u8),
            (byte)'x' or (byte)'X' or (byte)'b' or (byte)'B' when At(1) == '\'' => Encoded(),
            _ when char.IsAsciiDigit((char)first) => Number(),
            _ when IsWord(first) => Word(),
            _ => Take(TokenKind.Symbol, position + 1),
        };
    }

    private static bool IsWord(int value) => value is '_' or '$' || (value < 128 && value >= 0 && char.IsAsciiLetterOrDigit((char)value));

    private static bool IsBlank(byte value) => value is (byte)' ' or (byte)'\t' or (byte)'\n' or (byte)'\r' or (byte)'\f' or (byte)'\v';

    private readonly int At(int offset) => position + offset < sql.Length ? sql[position + offset] : -1;

    private readonly bool StartsWith(ReadOnlySpan<byte> text) => sql[position..].StartsWith(text);

    private Token Take(TokenKind kind, int end, string? text = null)
    {
        var token = new Token(kind, position, end, text ?? Encoding.UTF8.GetString(sql[position..end]));
        position = end;
        return token;
    }

    /// <returns>A token only when a comment does not end.</returns>
    private Token? SkipBlank()
    {
        while (position < sql.Length)
        {
            if (IsBlank(sql[position]))
            {
                position++;
            }
            else if (UnicodeBlank() is var width and > 0)
            {
                position += width;
            }
            else if (StartsWith("--"u8) || StartsWith("//"u8) || StartsWith("# "u8) || StartsWith("#!"u8))
            {
                var line = sql[position..].IndexOf((byte)'\n');
                position = line < 0 ? sql.Length : position + line;
            }
            else if (!StartsWith("/*"u8))
            {
                return null;
            }
            else if (EndOfComment() is var end and >= 0)
            {
                position = end;
            }
            else
            {
                return Take(TokenKind.Unterminated, sql.Length, "/*");
            }
        }

        return null;
    }

    /// <summary>No-break space, the spaces of U+2000, the byte order mark and their kin, which ClickHouse skips as well.</summary>
    private readonly int UnicodeBlank()
    {
        if (sql[position] < 0x80)
        {
            return 0;
        }

        return Rune.DecodeFromUtf8(sql[position..], out var rune, out var width) == System.Buffers.OperationStatus.Done
            && (Rune.IsWhiteSpace(rune) || rune.Value is 0xFEFF or 0x180E or (>= 0x200B and <= 0x200D) or 0x2060)
            ? width
            : 0;
    }

    private readonly int EndOfComment()
    {
        var depth = 0;
        for (var i = position; i + 2 <= sql.Length;)
        {
            if (sql[i] == '/' && sql[i + 1] == '*')
            {
                depth++;
                i += 2;
            }
            else if (sql[i] == '*' && sql[i + 1] == '/')
            {
                i += 2;
                if (--depth == 0)
                {
                    return i;
                }
            }
            else
            {
                i++;
            }
        }

        return -1;
    }

    private Token Quoted(TokenKind kind, byte quote)
    {
        for (var i = position + 1; i < sql.Length; i++)
        {
            if (sql[i] == '\\')
            {
                i++;
            }
            else if (sql[i] == quote && i + 1 < sql.Length && sql[i + 1] == quote)
            {
                i++;
            }
            else if (sql[i] == quote)
            {
                return Take(kind, i + 1, Token.Unescape(sql[(position + 1)..i], quote));
            }
        }

        return Take(TokenKind.Unterminated, sql.Length, ((char)quote).ToString());
    }

    private Token Curly(TokenKind kind, ReadOnlySpan<byte> closing)
    {
        var inside = sql[(position + closing.Length)..];
        var length = inside.IndexOf(closing);
        return length < 0
            ? Take(TokenKind.Unterminated, sql.Length, "“")
            : Take(kind, position + (2 * closing.Length) + length, Encoding.UTF8.GetString(inside[..length]));
    }

    /// <summary>x'41' and b'01': strings by their codes.</summary>
    private Token Encoded()
    {
        var end = sql[(position + 2)..].IndexOf((byte)'\'');
        return end < 0
            ? Take(TokenKind.Unterminated, sql.Length, "'")
            : Take(TokenKind.String, position + 3 + end);
    }

    /// <summary>$tag$ ... $tag$.</summary>
    private Token? Heredoc()
    {
        var rest = sql[position..];
        var name = rest[1..].IndexOf((byte)'$');
        if (name < 0)
        {
            return null;
        }

        var tag = rest[..(name + 2)];
        var inside = rest[tag.Length..];
        var length = inside.IndexOf(tag);
        return length < 0
            ? null
            : Take(TokenKind.String, position + (2 * tag.Length) + length, Encoding.UTF8.GetString(inside[..length]));
    }

    private Token Word()
    {
        var end = position + 1;
        while (end < sql.Length && IsWord(sql[end]))
        {
            end++;
        }

        return Take(TokenKind.Word, end);
    }

    /// <summary>Only skipped, not checked. A word that begins with digits is a word.</summary>
    private Token Number()
    {
        var end = position + 1;
        while (end < sql.Length && IsWord(sql[end]))
        {
            end++;
        }

        var digits = sql[position..end];
        return digits.ContainsAnyExceptInRange((byte)'0', (byte)'9') && !IsNumeric(digits)
            ? Take(TokenKind.Word, end)
            : Take(TokenKind.Number, end);
    }

    private static bool IsNumeric(ReadOnlySpan<byte> text)
    {
        var hexadecimal = text.Length > 2 && text[0] == '0' && text[1] is (byte)'x' or (byte)'X' or (byte)'b' or (byte)'B';
        foreach (var letter in hexadecimal ? text[2..] : text)
        {
            var numeric = letter is (byte)'_' || char.IsAsciiDigit((char)letter)
                || (hexadecimal ? char.IsAsciiHexDigit((char)letter) || letter is (byte)'p' or (byte)'P' : letter is (byte)'e' or (byte)'E');
            if (!numeric)
            {
                return false;
            }
        }

        return true;
    }
}
