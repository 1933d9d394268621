using System.Text.RegularExpressions;
using Provost.Topology.Model;

namespace Provost.Topology.Reading;

/// <summary>Changes the target of one site in the text of a provost.yaml, and leaves every other character alone.</summary>
public static partial class TargetEdit
{
    /// <param name="text">A valid provost.yaml.</param>
    public static string ToProcess(string text, string site)
    {
        var read = TopologyFile.Read(text, "provost.yaml");
        if (read.Installation?.Sites.GetValueOrDefault(site)?.Target is null or Target.Process || !read.Positions.TryGetValue($"sites.{site}.target", out var key))
        {
            return text;
        }
        var lines = text.Split('\n');
        var line = lines[key.Line - 1];
        lines[key.Line - 1] = line[..(key.Column - 1)] + Value().Replace(line[(key.Column - 1)..], "${key}process", 1);
        return string.Join('\n', lines);
    }

    [GeneratedRegex("""^(?<key>"?'?target"?'?\s*:\s*"?'?)\w+""")]
    private static partial Regex Value();
}
