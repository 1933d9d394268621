using Provost.Runbooks.Images.Archives;

namespace Provost.Runbooks.Images.Sboms;

/// <summary>
/// All that is in an image: packages by the records in it, then every regular file that belongs to none of them. Files of
/// Debian packages are covered by their package unless they lie where only the build puts files.
/// </summary>
public static class Inventory
{
    private static readonly string[] BuildFolders = ["app/", "bundle/", "engine/", "data/"];

    public static bool IsRecord(string path) => DebianPackages.IsRecord(path) || DotNetPackages.IsRecord(path) || NpmPackages.IsRecord(path);

    public static IReadOnlyList<Component> Read(ImageContents contents)
    {
        var packages = DebianPackages.Read(contents).Concat(DotNetPackages.Read(contents)).Concat(NpmPackages.Read(contents))
            .GroupBy(component => component.Reference, StringComparer.Ordinal)
            .Select(same => same.First() with { Files = [.. same.SelectMany(one => one.Files).Distinct().OrderBy(file => file.Path, StringComparer.Ordinal)] })
            .ToList();
        var explained = packages.SelectMany(package => package.Files).Select(file => file.Path).ToHashSet(StringComparer.Ordinal);
        var files = contents.Files.Values
            .Where(file => file.IsRegular && !explained.Contains(file.Path) && BuildFolders.Any(folder => file.Path.StartsWith(folder, StringComparison.Ordinal)))
            .Select(file => new Component(Ecosystem.File, file.Path, "") { Files = [new(file.Path, file.Sha256)] });
        return [.. packages.Concat(files).OrderBy(component => component.Reference, StringComparer.Ordinal)];
    }
}
