namespace Provost.Runbooks.Images.Scans.Advisories;

/// <summary>Orders versions as dpkg does: deb-version(7).</summary>
internal sealed class DebianVersionOrder : IComparer<string>
{
    public static DebianVersionOrder Instance { get; } = new();

    public int Compare(string? x, string? y)
    {
        var (left, right) = (Parts(x ?? ""), Parts(y ?? ""));
        var epoch = left.Epoch.CompareTo(right.Epoch);
        var upstream = epoch != 0 ? epoch : Part(left.Upstream, right.Upstream);
        return upstream != 0 ? upstream : Part(left.Revision, right.Revision);
    }

    private static (int Epoch, string Upstream, string Revision) Parts(string version)
    {
        var colon = version.IndexOf(':', StringComparison.Ordinal);
        var epoch = colon > 0 && int.TryParse(version[..colon], out var number) ? number : 0;
        var body = version[(colon + 1)..];
        var dash = body.LastIndexOf('-');
        return dash < 0 ? (epoch, body, "") : (epoch, body[..dash], body[(dash + 1)..]);
    }

    // Alternately a run of other characters and a run of digits.
    private static int Part(string left, string right)
    {
        var (i, j) = (0, 0);
        while (i < left.Length || j < right.Length)
        {
            while ((i < left.Length && !char.IsAsciiDigit(left[i])) || (j < right.Length && !char.IsAsciiDigit(right[j])))
            {
                var order = Weight(left, i).CompareTo(Weight(right, j));
                if (order != 0)
                {
                    return order;
                }
                i++;
                j++;
            }
            var numbers = Number(left, ref i).CompareTo(Number(right, ref j));
            if (numbers != 0)
            {
                return numbers;
            }
        }
        return 0;
    }

    // A tilde sorts before the end, the end before letters, letters before everything else.
    private static int Weight(string text, int at) => at >= text.Length || char.IsAsciiDigit(text[at]) ? 0 : text[at] switch
    {
        '~' => -1,
        var c when char.IsAsciiLetter(c) => c,
        var c => c + 256,
    };

    private static System.Numerics.BigInteger Number(string text, ref int at)
    {
        System.Numerics.BigInteger number = 0;
        for (; at < text.Length && char.IsAsciiDigit(text[at]); at++)
        {
            number = (number * 10) + (text[at] - '0');
        }
        return number;
    }
}
