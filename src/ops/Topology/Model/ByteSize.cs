using System.Globalization;
using System.Text.RegularExpressions;

namespace Provost.Topology.Model;

/// <summary>A size as people write it: 512MiB, 4GiB, 1048576.</summary>
public readonly partial record struct ByteSize(long Bytes) : IComparable<ByteSize>
{
    private static readonly (string Unit, long Factor)[] Units = [("TiB", 1L << 40), ("GiB", 1L << 30), ("MiB", 1L << 20), ("KiB", 1L << 10)];

    public static ByteSize Mebibytes(long count) => new(count << 20);

    public long WholeMebibytes => Math.Max(1, Bytes >> 20);

    public int CompareTo(ByteSize other) => Bytes.CompareTo(other.Bytes);

    public static bool operator <(ByteSize left, ByteSize right) => left.Bytes < right.Bytes;

    public static bool operator >(ByteSize left, ByteSize right) => left.Bytes > right.Bytes;

    public static bool operator <=(ByteSize left, ByteSize right) => left.Bytes <= right.Bytes;

    public static bool operator >=(ByteSize left, ByteSize right) => left.Bytes >= right.Bytes;

    public static bool TryParse(string text, out ByteSize size)
    {
        size = default;
        var match = Pattern().Match(text);
        if (!match.Success || !long.TryParse(match.Groups[1].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return false;
        }
        var unit = match.Groups[2].Value;
        var factor = unit.Length == 0 ? 1 : Array.Find(Units, u => u.Unit[0] == unit[0]).Factor;
        if (number > long.MaxValue / factor)
        {
            return false;
        }
        size = new ByteSize(number * factor);
        return true;
    }

    public override string ToString()
    {
        var bytes = Bytes;
        var unit = Array.Find(Units, u => bytes >= u.Factor && bytes % u.Factor == 0);
        return unit.Factor == 0 ? bytes.ToString(CultureInfo.InvariantCulture) : string.Create(CultureInfo.InvariantCulture, $"{bytes / unit.Factor}{unit.Unit}");
    }

    // Mi and MiB are powers of two. MB is refused rather than guessed: half of the tools mean 10^6 by it, the others 2^20.
    [GeneratedRegex("^([0-9]{1,18}) ?(?:([KMGT])i(?:B)?)?$")]
    private static partial Regex Pattern();
}
