using System.Globalization;

namespace Provost.Runbooks.Images;

/// <summary>Orders tags as semantic versions do: numbers as numbers, a pre-release before its release, a revision counted as one.</summary>
internal sealed class VersionOrder : IComparer<string>
{
    public static VersionOrder Instance { get; } = new();

    public int Compare(string? x, string? y)
    {
        var (left, right) = (Parts(x ?? ""), Parts(y ?? ""));
        var byNumbers = left.Numbers.Zip(right.Numbers, (a, b) => a.CompareTo(b)).FirstOrDefault(order => order != 0);
        if (byNumbers != 0)
        {
            return byNumbers;
        }
        var byLength = left.Numbers.Length.CompareTo(right.Numbers.Length);
        return byLength != 0 ? byLength : (left.Suffix, right.Suffix) switch
        {
            ("", "") => 0,
            ("", _) => 1,
            (_, "") => -1,
            var (a, b) => CompareRest(a, b),
        };
    }

    private static int CompareRest(string left, string right)
    {
        foreach (var (a, b) in left.Split('.', '-').Zip(right.Split('.', '-')))
        {
            var order = long.TryParse(a, NumberStyles.None, CultureInfo.InvariantCulture, out var m) && long.TryParse(b, NumberStyles.None, CultureInfo.InvariantCulture, out var n)
                ? m.CompareTo(n) : string.CompareOrdinal(a, b);
            if (order != 0)
            {
                return order;
            }
        }
        return left.Length.CompareTo(right.Length);
    }

    private static (long[] Numbers, string Suffix) Parts(string text)
    {
        var dash = text.IndexOf('-', StringComparison.Ordinal);
        var (numbers, rest) = dash < 0 ? (text, "") : (text[..dash], text[(dash + 1)..]);
        return ([.. numbers.TrimStart('v').Split('.').Select(part => long.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1)], rest);
    }
}
