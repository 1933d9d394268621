using System.Globalization;
using System.Text.RegularExpressions;
using Provost.Gradebooks.Tables;

namespace Provost.Gradebooks.Canvas;

/// <summary>A Canvas assignment header: HW1 (4314282).</summary>
/// <param name="Number">The assignment's id, or the points in hand-made look-alikes.</param>
internal sealed partial record CanvasColumn(string Name, long Number)
{
    public static CanvasColumn? Parse(string header)
    {
        var match = Header().Match(header.Length <= CellText.LongestHeader ? header : "");
        return match.Success && long.TryParse(match.Groups["number"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? new CanvasColumn(match.Groups["name"].Value.Trim(), number)
            : null;
    }

    [GeneratedRegex(@"^(?<name>.*\S)\s*\((?<number>\d{1,18})\)$", RegexOptions.CultureInvariant | RegexOptions.Singleline, 1000)]
    private static partial Regex Header();
}
