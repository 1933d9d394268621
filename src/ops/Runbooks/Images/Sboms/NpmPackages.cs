using System.Text.Json;
using System.Text.Json.Nodes;
using Provost.Runbooks.Images.Archives;

namespace Provost.Runbooks.Images.Sboms;

/// <summary>npm packages by the package.json in each of their folders.</summary>
internal static class NpmPackages
{
    public static bool IsRecord(string path) => path.EndsWith("/package.json", StringComparison.Ordinal);

    public static IEnumerable<Component> Read(ImageContents contents)
    {
        foreach (var file in contents.Files.Values.Where(file => file.Content is not null && IsRecord(file.Path)))
        {
            if (Parse(file.Content!) is { } json && (string?)json["name"] is { } name && (string?)json["version"] is { } version)
            {
                var folder = file.Path[..(file.Path.LastIndexOf('/') + 1)];
                yield return new(Ecosystem.Npm, name, version)
                {
                    Files = [.. contents.Files.Values.Where(one => one.IsRegular && one.Path.StartsWith(folder, StringComparison.Ordinal)).Select(one => new ComponentFile(one.Path, one.Sha256))],
                };
            }
        }
    }

    private static JsonNode? Parse(byte[] content)
    {
        try
        {
            return JsonNode.Parse(content) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
