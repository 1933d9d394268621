using System.Text;

namespace Provost.Gradebooks.Input;

/// <summary>
/// Turns the bytes of a file into characters: UTF-8, UTF-16 (with a byte order mark, or told by its zero bytes), and
/// Windows-1252 for what is not UTF-8. A file is ASCII until proven otherwise, so the choice between UTF-8 and
/// Windows-1252 falls at the first byte that tells them apart and needs no second pass.
/// </summary>
internal sealed class TextDecoding
{
    // The 32 places where Windows-1252 differs from Latin-1; unassigned ones stay controls.
    private const string Windows1252High =
        "\u20AC\u0081\u201A\u0192\u201E\u2026\u2020\u2021\u02C6\u2030\u0160\u2039\u0152\u008D\u017D\u008F\u0090\u2018\u2019\u201C\u201D\u2022\u2013\u2014\u02DC\u2122\u0161\u203A\u0153\u009D\u017E\u0178";

    private readonly Decoder? utf16;
    private readonly bool marked;
    private readonly byte[] carry = new byte[4];
    private int carried;
    private bool sawUtf8;
    private bool windows1252;
    private long line = 1;

    private TextDecoding(Encoding? utf16, bool marked, int markLength, string name)
    {
        this.utf16 = utf16?.GetDecoder();
        this.marked = marked;
        MarkLength = markLength;
        Name = name;
    }

    /// <summary>Bytes of the byte order mark, to be skipped.</summary>
    public int MarkLength { get; }

    /// <summary>As it is shown to the user.</summary>
    public string Name { get; private set; }

    public bool IsGuess => windows1252;

    public static TextDecoding For(ReadOnlySpan<byte> head)
    {
        if (head.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]))
            return new TextDecoding(null, true, 3, "UTF-8 with byte order mark");
        if (head.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]))
            return new TextDecoding(new UnicodeEncoding(false, true), true, 2, "UTF-16 LE");
        if (head.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF]))
            return new TextDecoding(new UnicodeEncoding(true, true), true, 2, "UTF-16 BE");
        return ZeroBytes(head) switch
        {
            (var even, var odd) when odd > head.Length / 5 && even < odd / 4 => new TextDecoding(new UnicodeEncoding(false, false), false, 0, "UTF-16 LE"),
            (var even, var odd) when even > head.Length / 5 && odd < even / 4 => new TextDecoding(new UnicodeEncoding(true, false), false, 0, "UTF-16 BE"),
            _ => new TextDecoding(null, false, 0, "UTF-8"),
        };
    }

    private static (int Even, int Odd) ZeroBytes(ReadOnlySpan<byte> head)
    {
        var (even, odd) = (0, 0);
        for (var i = 0; i < head.Length; i++)
            if (head[i] == 0)
                _ = i % 2 == 0 ? even++ : odd++;
        return (even, odd);
    }

    /// <summary>Decodes the next bytes; <paramref name="chars"/> must hold one more than <paramref name="bytes"/> has, plus 4.</summary>
    public int Decode(ReadOnlySpan<byte> bytes, Span<char> chars, bool last)
    {
        if (utf16 is not null)
            return utf16.GetChars(bytes, chars, last);
        var written = carried > 0 ? DecodeCarried(ref bytes, chars, last) : 0;
        return written + DecodeBytes(bytes, chars[written..], last);
    }

    // A sequence that was cut by the end of the previous block is completed byte by byte.
    private int DecodeCarried(ref ReadOnlySpan<byte> bytes, Span<char> chars, bool last)
    {
        while (bytes.Length > 0 && carried < 4 && Rune.DecodeFromUtf8(carry.AsSpan(0, carried), out _, out _) == System.Buffers.OperationStatus.NeedMoreData)
        {
            carry[carried++] = bytes[0];
            bytes = bytes[1..];
        }
        var status = Rune.DecodeFromUtf8(carry.AsSpan(0, carried), out _, out _);
        if (status == System.Buffers.OperationStatus.NeedMoreData && !last)
            return 0;
        var pending = carry.AsSpan(0, carried).ToArray();
        carried = 0;
        return DecodeBytes(pending, chars, last: true);
    }

    private int DecodeBytes(ReadOnlySpan<byte> bytes, Span<char> chars, bool last)
    {
        var written = 0;
        while (bytes.Length > 0)
        {
            if (windows1252)
                return written + DecodeWindows1252(bytes, chars[written..]);
            var ascii = bytes.IndexOfAnyInRange((byte)0x80, (byte)0xFF);
            if (ascii < 0)
                ascii = bytes.Length;
            Encoding.ASCII.GetChars(bytes[..ascii], chars[written..]);
            line += bytes[..ascii].Count((byte)'\n');
            written += ascii;
            bytes = bytes[ascii..];
            if (bytes.Length > 0 && !DecodeRune(ref bytes, chars, ref written, last))
                return written;
        }
        return written;
    }

    // False when the sequence is cut by the end of the block and waits for the next one.
    private bool DecodeRune(ref ReadOnlySpan<byte> bytes, Span<char> chars, ref int written, bool last)
    {
        switch (Rune.DecodeFromUtf8(bytes, out var rune, out var consumed))
        {
            case System.Buffers.OperationStatus.Done:
                sawUtf8 = true;
                written += rune.EncodeToUtf16(chars[written..]);
                bytes = bytes[consumed..];
                return true;
            case System.Buffers.OperationStatus.NeedMoreData when !last:
                bytes.CopyTo(carry);
                carried = bytes.Length;
                return false;
            default:
                if (marked || sawUtf8)
                    throw new GradebookError("The file mixes two text encodings: it is UTF-8, but here is a byte that is not",
                        "Open the file in a text editor or spreadsheet, check the letters with accents, save it as \"CSV UTF-8\" and import that file.", line);
                windows1252 = true;
                Name = "Windows-1252";
                return true;
        }
    }

    private static int DecodeWindows1252(ReadOnlySpan<byte> bytes, Span<char> chars)
    {
        for (var i = 0; i < bytes.Length; i++)
            chars[i] = bytes[i] is >= 0x80 and < 0xA0 ? Windows1252High[bytes[i] - 0x80] : (char)bytes[i];
        return bytes.Length;
    }
}
