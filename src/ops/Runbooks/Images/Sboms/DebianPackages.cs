using System.Text;
using Provost.Runbooks.Images.Archives;

namespace Provost.Runbooks.Images.Sboms;

/// <summary>Packages by the records that dpkg leaves, whole (status) or one file each (status.d, in images without dpkg).</summary>
internal static class DebianPackages
{
    public static bool IsRecord(string path) =>
        path is "var/lib/dpkg/status" or "etc/os-release" or "usr/lib/os-release" || path.StartsWith("var/lib/dpkg/status.d/", StringComparison.Ordinal);

    public static IEnumerable<Component> Read(ImageContents contents)
    {
        var distribution = Distribution(contents);
        return contents.Files.Values
            .Where(file => file.Content is not null && file.Path.StartsWith("var/lib/dpkg/status", StringComparison.Ordinal) && !file.Path.EndsWith(".md5sums", StringComparison.Ordinal))
            .SelectMany(file => Records(Encoding.UTF8.GetString(file.Content!)))
            .Where(record => record.ContainsKey("Package") && record.ContainsKey("Version"))
            .Where(record => record.GetValueOrDefault("Status", "install ok installed").EndsWith(" installed", StringComparison.Ordinal))
            .Select(record => new Component(Ecosystem.Deb, record["Package"], record["Version"])
            {
                Distribution = distribution,
                Architecture = record.GetValueOrDefault("Architecture", "all"),
                // "Source: glibc (2.36-9)" when the source has a version of its own.
                Source = record.GetValueOrDefault("Source", record["Package"]).Split(' ')[0],
            });
    }

    private static string Distribution(ImageContents contents)
    {
        var release = contents.Find("etc/os-release") ?? contents.Find("usr/lib/os-release");
        var lines = release?.Content is { } content ? Encoding.UTF8.GetString(content).Split('\n') : [];
        string Value(string key) => lines.FirstOrDefault(line => line.StartsWith(key + "=", StringComparison.Ordinal))?[(key.Length + 1)..].Trim('"') ?? "unknown";
        return $"{Value("ID")}-{Value("VERSION_ID")}";
    }

    private static IEnumerable<Dictionary<string, string>> Records(string text) => text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries)
        .Select(record => record.Split('\n')
            .Where(line => line.Length > 0 && !char.IsWhiteSpace(line[0]) && line.Contains(':', StringComparison.Ordinal))
            .GroupBy(line => line[..line.IndexOf(':', StringComparison.Ordinal)], line => line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim(), StringComparer.Ordinal)
            .ToDictionary(field => field.Key, field => field.First(), StringComparer.Ordinal));
}
