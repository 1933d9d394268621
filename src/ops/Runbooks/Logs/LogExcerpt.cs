using System.Globalization;
using Provost.Runbooks.Tools;

namespace Provost.Runbooks.Logs;

/// <summary>The end of a replica's log as it is shown beside an error: readable, and each thing said once.</summary>
public static class LogExcerpt
{
    private const int ReadLines = 50;
    private const int LongestLine = 400;

    public static IReadOnlyList<string> Of(string file)
    {
        var replica = Path.GetFileNameWithoutExtension(file);
        List<(string Text, DateTimeOffset? At, int Times)> shown = [];
        foreach (var line in LogTail.Last(file, ReadLines).Select(text => LogLine.Parse(replica, text)))
        {
            var text = $"{line.Level,-11} {Shorten(line.Text)}".Trim();
            if (shown is [.., var last] && last.Text == text)
            {
                shown[^1] = (text, line.At, last.Times + 1);
            }
            else
            {
                shown.Add((text, line.At, 1));
            }
        }
        return [.. shown.Select(s => $"{s.At?.ToLocalTime().ToString("HH:mm:ss", CultureInfo.InvariantCulture)} {s.Text}{(s.Times > 1 ? $" (said {s.Times} times)" : "")}".Trim())];
    }

    // The frames of a stack trace say little to an operator; its first line says what happened.
    private static string Shorten(string text)
    {
        var lines = text.Split('\n').Where(l => !l.TrimStart().StartsWith("at ", StringComparison.Ordinal) && !l.StartsWith("---", StringComparison.Ordinal) && l.Trim().Length > 0);
        var joined = string.Join(" | ", lines.Select(l => l.Trim()));
        return joined.Length <= LongestLine ? joined : joined[..LongestLine] + "...";
    }
}
