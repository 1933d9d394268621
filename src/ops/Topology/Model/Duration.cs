using System.Globalization;
using System.Text.RegularExpressions;

namespace Provost.Topology.Model;

/// <summary>A time span as people write it: 500ms, 20s, 5m, 24h, 7d.</summary>
public static partial class Duration
{
    private static readonly (string Unit, TimeSpan One)[] Units =
        [("d", TimeSpan.FromDays(1)), ("h", TimeSpan.FromHours(1)), ("m", TimeSpan.FromMinutes(1)), ("s", TimeSpan.FromSeconds(1)), ("ms", TimeSpan.FromMilliseconds(1))];

    public static bool TryParse(string text, out TimeSpan span)
    {
        span = default;
        var match = Pattern().Match(text);
        if (!match.Success)
        {
            return false;
        }
        var number = int.Parse(match.Groups[1].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture);
        span = number * Array.Find(Units, u => u.Unit == match.Groups[2].Value).One;
        return true;
    }

    public static string Format(TimeSpan span)
    {
        var unit = Array.Find(Units, u => span.Ticks % u.One.Ticks == 0 && span >= u.One);
        return unit.Unit is null ? "0s" : string.Create(CultureInfo.InvariantCulture, $"{span.Ticks / unit.One.Ticks}{unit.Unit}");
    }

    [GeneratedRegex("^([0-9]{1,6})(ms|s|m|h|d)$")]
    private static partial Regex Pattern();
}
