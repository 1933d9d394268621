using System.Text.RegularExpressions;
using Provost.Gradebooks.Layouts;
using Provost.Gradebooks.Tables;
using Provost.Gradebooks.Values;

namespace Provost.Gradebooks.Moodle;

/// <summary>A Moodle header: Assignment: Essay (Real), Quiz:Test 1 (Percentage), Course total (Real), Forum 1 (Real)/10.00.</summary>
/// <param name="Item">With its module, without the display: what the forms of one item share.</param>
/// <param name="Display">Null in exports of old releases, which write the real grade without saying so.</param>
internal sealed partial record MoodleColumn(string Item, string Name, string Kind, MoodleDisplay? Display, string DisplayWord, double? MaxScore)
{
    public static MoodleColumn Parse(string header)
    {
        var match = Header().Match(header.Length <= CellText.LongestHeader ? header : "");
        var item = match.Success ? match.Groups["item"].Value.Trim() : header;
        var word = match.Success ? match.Groups["display"].Value : "";
        var max = match.Success && match.Groups["max"].Success ? NumberText.Parse(match.Groups["max"].Value, DecimalMark.Point) : null;
        var colon = item.IndexOf(':');
        var module = colon > 0 ? item[..colon].Trim() : "";
        if (MoodleWords.DisplayOf(module) == MoodleDisplay.Feedback && module.Length > 0)
            return new MoodleColumn(item, item, "", MoodleDisplay.Feedback, module, null);
        var kind = MoodleWords.KindOf(module);
        var name = kind is null ? item : item[(colon + 1)..].Trim();
        return new MoodleColumn(item, name.Length > 0 ? name : item, kind ?? "", MoodleWords.DisplayOf(word), word, max);
    }

    public bool IsTotal => Kind.Length == 0 && TotalWords.IsTotal(Item);

    [GeneratedRegex(@"^(?<item>.*\S)\s*\((?<display>[^()]{1,40})\)(\s*/\s*(?<max>\d+([.,]\d+)?))?$", RegexOptions.CultureInvariant | RegexOptions.Singleline, 1000)]
    private static partial Regex Header();
}
