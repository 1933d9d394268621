using System.Globalization;
using System.Text;

namespace Provost.Runbooks.Images.Archives;

/// <summary>
/// Writes tar archives whose bytes depend on the entries alone. (The runtime's own writer puts its process id into
/// extended headers, so no two archives would be the same.)
/// </summary>
internal sealed class TarOutput(Stream output)
{
    private const int Block = 512;
    private const long LargestOctal = 0x1FFFFFFFF; // eleven octal digits

    internal sealed record Entry(string Name, char Type, int Mode, int User, int Group, long Seconds)
    {
        public string Link { get; init; } = "";
        public (int Major, int Minor) Device { get; init; }

        /// <summary>Extended attributes of the file (SCHILY.xattr.*).</summary>
        public IReadOnlyDictionary<string, string> Attributes { get; init; } = new Dictionary<string, string>();
    }

    public async Task WriteAsync(Entry entry, Stream? content, long size, CancellationToken cancellation)
    {
        SortedDictionary<string, string> extended = new(StringComparer.Ordinal);
        foreach (var (key, value) in entry.Attributes)
        {
            extended[key] = value;
        }
        AddIfLong(extended, "path", entry.Name);
        AddIfLong(extended, "linkpath", entry.Link);
        if (size > LargestOctal)
        {
            extended["size"] = size.ToString(CultureInfo.InvariantCulture);
        }
        if (extended.Count > 0)
        {
            var records = Encoding.UTF8.GetBytes(string.Concat(extended.Select(pair => Record(pair.Key, pair.Value))));
            await output.WriteAsync(Header(new("PaxHeaders/entry", 'x', 0x1A4, 0, 0, 0), records.Length), cancellation);
            await output.WriteAsync(records, cancellation);
            await PadAsync(records.Length, cancellation);
        }
        await output.WriteAsync(Header(entry, size), cancellation);
        if (content is not null && size > 0)
        {
            await content.CopyToAsync(output, cancellation);
            await PadAsync(size, cancellation);
        }
    }

    public Task WriteAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellation) =>
        WriteAsync(new(name, '0', 0x1A4, 0, 0, 0), new MemoryStream(content.ToArray()), content.Length, cancellation);

    public async Task EndAsync(CancellationToken cancellation) => await output.WriteAsync(new byte[2 * Block], cancellation);

    private static void AddIfLong(SortedDictionary<string, string> extended, string key, string value)
    {
        if (Encoding.UTF8.GetByteCount(value) > 100 || !Ascii.IsValid(value))
        {
            extended[key] = value;
        }
    }

    // "LENGTH key=value\n", where LENGTH counts itself.
    private static string Record(string key, string value)
    {
        var body = Encoding.UTF8.GetByteCount(key) + Encoding.UTF8.GetByteCount(value) + 3;
        var length = body + Digits(body);
        length = body + Digits(length);
        return string.Create(CultureInfo.InvariantCulture, $"{length} {key}={value}\n");

        static int Digits(int number) => number.ToString(CultureInfo.InvariantCulture).Length;
    }

    private static byte[] Header(Entry entry, long size)
    {
        var header = new byte[Block];
        Text(header, 0, 100, entry.Name);
        Octal(header, 100, 8, entry.Mode);
        Octal(header, 108, 8, entry.User);
        Octal(header, 116, 8, entry.Group);
        Octal(header, 124, 12, size > LargestOctal ? 0 : size);
        Octal(header, 136, 12, entry.Seconds);
        header[156] = (byte)entry.Type;
        Text(header, 157, 100, entry.Link);
        Text(header, 257, 6, "ustar");
        Text(header, 263, 2, "00");
        Octal(header, 329, 8, entry.Device.Major);
        Octal(header, 337, 8, entry.Device.Minor);
        header.AsSpan(148, 8).Fill((byte)' ');
        Octal(header, 148, 7, header.Sum(value => value));
        return header;
    }

    private static void Text(byte[] header, int at, int length, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        bytes.AsSpan(0, Math.Min(length, bytes.Length)).CopyTo(header.AsSpan(at));
    }

    private static void Octal(byte[] header, int at, int length, long value) =>
        Text(header, at, length - 1, Convert.ToString(value, 8).PadLeft(length - 1, '0'));

    private async Task PadAsync(long size, CancellationToken cancellation)
    {
        if (size % Block != 0)
        {
            await output.WriteAsync(new byte[Block - (size % Block)], cancellation);
        }
    }
}
