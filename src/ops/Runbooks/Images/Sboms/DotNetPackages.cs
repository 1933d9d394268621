using System.Text.Json.Nodes;
using Provost.Runbooks.Images.Archives;

namespace Provost.Runbooks.Images.Sboms;

/// <summary>
/// NuGet packages and frameworks: from the .deps.json beside each program and framework, and for the WebAssembly bundle from
/// the package list that its build leaves. A library counts with the files of it that really are in the image.
/// </summary>
internal static class DotNetPackages
{
    // What "dotnet list package --format json" says: the bundle has no other record.
    private const string ListName = "/packages.json";
    private static readonly string[] AssetKinds = ["runtime", "native", "runtimeTargets", "resources"];
    private static readonly string[] ListKinds = ["topLevelPackages", "transitivePackages"];

    public static bool IsRecord(string path) => path.EndsWith(".deps.json", StringComparison.Ordinal) || IsList(path);

    private static bool IsList(string path) => path.EndsWith(ListName, StringComparison.Ordinal);

    public static IEnumerable<Component> Read(ImageContents contents) => contents.Files.Values
        .Where(file => file.Content is not null && IsRecord(file.Path))
        .SelectMany(file => IsList(file.Path) ? Bundle(JsonNode.Parse(file.Content!)!) : Program(contents, file));

    private static IEnumerable<Component> Program(ImageContents contents, ImageFile deps)
    {
        var folder = deps.Path[..(deps.Path.LastIndexOf('/') + 1)];
        var json = JsonNode.Parse(deps.Content!)!;
        var libraries = json["libraries"]?.AsObject() ?? [];
        // Projects that are referenced have the version of the restore there; they are released with the program.
        var program = deps.Path[folder.Length..^".deps.json".Length];
        var ownVersion = libraries.Select(library => library.Key.Split('/')).FirstOrDefault(parts => parts[0] == program)?[1];
        foreach (var (key, assets) in json["targets"]!.AsObject().SelectMany(target => target.Value!.AsObject()))
        {
            var slash = key.IndexOf('/', StringComparison.Ordinal);
            var (name, version) = (key[..slash], key[(slash + 1)..]);
            var files = Assets(assets!).Select(asset => contents.Files.GetValueOrDefault(folder + asset) ?? contents.Files.GetValueOrDefault(folder + asset[(asset.LastIndexOf('/') + 1)..]))
                .OfType<ImageFile>().Where(file => file.IsRegular).DistinctBy(file => file.Path).Select(file => new ComponentFile(file.Path, file.Sha256)).ToList();
            switch ((string?)libraries[key]?["type"])
            {
                case "package" when files.Count > 0:
                    yield return new(Ecosystem.NuGet, name, version) { Files = files };
                    break;
                case "project" when files.Count > 0:
                    yield return new(Ecosystem.Own, name, ownVersion ?? version) { Files = files };
                    break;
            }
        }
    }

    private static IEnumerable<string> Assets(JsonNode library) => AssetKinds
        .SelectMany(kind => (library[kind]?.AsObject() ?? []).Select(asset => kind == "resources"
            ? string.Join('/', asset.Key.Split('/')[^2..]) : asset.Key))
        .Where(path => !path.EndsWith("/_._", StringComparison.Ordinal));

    private static IEnumerable<Component> Bundle(JsonNode list) => (list["projects"] as JsonArray ?? [])
        .SelectMany(project => project?["frameworks"]?.AsArray() ?? [])
        .SelectMany(framework => ListKinds.SelectMany(kind => framework?[kind]?.AsArray() ?? []))
        .Select(package => new Component(Ecosystem.NuGet, (string)package!["id"]!, (string)package["resolvedVersion"]!) { IsListed = true });
}
