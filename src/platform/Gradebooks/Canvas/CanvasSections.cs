using System.Text.RegularExpressions;

namespace Provost.Gradebooks.Canvas;

/// <summary>
/// Canvas writes the sections of a student as a sentence: "A", "A and B", "A, B, and C", in the interface's language. A name
/// may hold an "and" or a comma itself, so a sentence is taken apart only where the file shows that its parts are sections.
/// </summary>
internal sealed partial class CanvasSections(IEnumerable<string> cells)
{
    private readonly HashSet<string> sections = Confirmed([.. cells.Distinct(StringComparer.Ordinal)]);

    public IReadOnlyList<string> In(string cell)
    {
        var parts = Parts(cell);
        return parts.Length > 1 && (cell.Contains(", and ", StringComparison.Ordinal) || Array.TrueForAll(parts, sections.Contains)) ? parts : [cell];
    }

    // A part is a section when it is somebody's only one, or when it stands beside different others.
    private static HashSet<string> Confirmed(IReadOnlyList<string> cells)
    {
        var counts = cells.SelectMany(cell => Parts(cell).Distinct(StringComparer.Ordinal)).GroupBy(part => part, StringComparer.Ordinal);
        return [.. counts.Where(group => group.Count() > 1 || cells.Contains(group.Key)).Select(group => group.Key)];
    }

    private static string[] Parts(string cell) => [.. Connector().Split(cell).Select(part => part.Trim()).Where(part => part.Length > 0)];

    [GeneratedRegex(@",? (?:and|und|et|y|e|en|och|og|ja) |, ", RegexOptions.CultureInvariant)]
    private static partial Regex Connector();
}
