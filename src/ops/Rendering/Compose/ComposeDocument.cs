using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Provost.Rendering.Compose;

/// <summary>
/// A rendered compose.yaml in its parts. What goes on running is carried over to the next one byte for byte: a container is replaced
/// when its part changed, and by nothing else.
/// </summary>
/// <param name="Head">All before the first section.</param>
public sealed partial record ComposeDocument(string Head, IReadOnlyList<ComposeSection> Sections)
{
    private const string ServicesKey = "services";

    public IReadOnlyList<ComposePart> Services => Section(ServicesKey).Parts;

    /// <summary>The release of the api.</summary>
    public string? Release => Services.FirstOrDefault(s => s.Service == Topology.Environments.Replicas.Api)?.Release;

    /// <summary>Numbers of the copies by service.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<int>> Numbers => Services.Where(s => s.Replica is not null).GroupBy(s => s.Service!).ToDictionary(
        g => g.Key, IReadOnlyList<int> (g) => [.. g.Select(s => int.Parse(s.Replica.AsSpan(g.Key.Length + 1), CultureInfo.InvariantCulture))]);

    public string Text => Head + string.Concat(Sections.Select(s => $"{s.Key}:\n{string.Concat(s.Parts.Select(p => p.Text))}"));

    /// <summary>Only of what <see cref="ComposeRenderer"/> writes: the sections that hold a map, each part at two spaces.</summary>
    public static ComposeDocument Read(string text)
    {
        var (head, sections) = (new StringBuilder(), new List<(string Key, List<(string Name, StringBuilder Text)> Parts)>());
        foreach (var line in text.Split('\n', StringSplitOptions.None)[..^1])
        {
            if (SectionKey().Match(line) is { Success: true } section)
            {
                sections.Add((section.Groups["key"].Value, []));
            }
            else if (sections.Count == 0)
            {
                head.Append(line).Append('\n');
            }
            else
            {
                if (PartKey().Match(line) is { Success: true } part)
                {
                    sections[^1].Parts.Add((part.Groups["key"].Value, new StringBuilder()));
                }
                sections[^1].Parts[^1].Text.Append(line).Append('\n');
            }
        }
        return new ComposeDocument(head.ToString(), [.. sections.Select(s => new ComposeSection(s.Key, [.. s.Parts.Select(p => new ComposePart(p.Name, p.Text.ToString()))]))]);
    }

    /// <summary>The same with these services as they are in another document, which also declares what they use.</summary>
    public ComposeDocument Keep(ComposeDocument other, Func<ComposePart, bool> kept)
    {
        var parts = other.Services.Where(kept).ToDictionary(p => p.Name);
        return this with
        {
            Sections =
            [
                .. Sections.Select(s => s.Key == ServicesKey
                    ? s with { Parts = [.. s.Parts.Select(p => parts.GetValueOrDefault(p.Name, p))] }
                    : s with { Parts = [.. s.Parts.UnionBy(other.Sections.FirstOrDefault(o => o.Key == s.Key)?.Parts ?? [], p => p.Name)] }),
            ],
        };
    }

    private ComposeSection Section(string key) => Sections.FirstOrDefault(s => s.Key == key) ?? new ComposeSection(key, []);

    [GeneratedRegex("^(?<key>[a-z]+):$")]
    private static partial Regex SectionKey();

    [GeneratedRegex("^  (?<key>[A-Za-z0-9_.-]+):")]
    private static partial Regex PartKey();
}

/// <param name="Key">services, networks, volumes.</param>
public sealed record ComposeSection(string Key, IReadOnlyList<ComposePart> Parts);

/// <summary>One service, network or volume as it is written.</summary>
public sealed partial record ComposePart(string Name, string Text)
{
    /// <summary>api, web, gateway, ...; null where it is no replica of one.</summary>
    public string? Service => Value("provost.service");

    /// <summary>api-1; null where it is none.</summary>
    public string? Replica => Value("provost.replica");

    public string? Release => Value("PROVOST_Service__Release");

    public string? Image => Value("image");

    /// <summary>Whether both say the same but for the name of the release.</summary>
    public bool SameButRelease(ComposePart other) => Text.Replace(Release ?? "\0", "", StringComparison.Ordinal) == other.Text.Replace(other.Release ?? "\0", "", StringComparison.Ordinal);

    /// <summary>Whether both say the same but for the image.</summary>
    public bool DiffersInImageAlone(ComposePart other) => Image is { } mine && other.Image is { } theirs && Text.Replace($" {mine}\n", " \n", StringComparison.Ordinal) == other.Text.Replace($" {theirs}\n", " \n", StringComparison.Ordinal);

    private string? Value(string key) => Text.Split('\n').Select(line => Pair().Match(line)).FirstOrDefault(m => m.Success && m.Groups["key"].Value == key)?.Groups["value"].Value;

    [GeneratedRegex("^ +(?<key>[A-Za-z0-9_.]+): \"?(?<value>[^\"]+)\"?$")]
    private static partial Regex Pair();
}
