using System.Text.Json.Nodes;
using Provost.Runbooks.Images.Archives;

namespace Provost.Runbooks.Images.Sboms;

/// <summary>Programs that a Dockerfile copies out of another image: no package manager knows them there, so the build notes what they are.</summary>
internal static class CopiedPrograms
{
    private const string Folder = "usr/local/share/components/";

    public static bool IsRecord(string path) => path.StartsWith(Folder, StringComparison.Ordinal) && path.EndsWith(".json", StringComparison.Ordinal);

    public static IEnumerable<Component> Read(ImageContents contents) => contents.Files.Values.Where(file => file.Content is not null && IsRecord(file.Path)).Select(file =>
    {
        var record = JsonNode.Parse(file.Content!)!;
        return new Component(Ecosystem.Program, (string)record["name"]!, (string)record["version"]!)
        {
            IsListed = true,
            Files = [.. record["files"]!.AsArray().Select(path => contents.Find((string)path!)).OfType<ImageFile>().Select(found => new ComponentFile(found.Path, found.Sha256))],
        };
    });
}
