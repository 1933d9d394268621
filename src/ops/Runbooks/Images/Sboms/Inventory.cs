using Provost.Runbooks.Images.Archives;

namespace Provost.Runbooks.Images.Sboms;

/// <summary>
/// All that is in an image: packages by the records in it, then every regular file above the base that belongs to none of them.
/// Files of the base are covered by its packages.
/// </summary>
public static class Inventory
{
    // Of an image that was built elsewhere nobody says where its base ends: there, where only builds put files.
    private static readonly string[] BuildFolders = ["app/", "bundle/", "engine/", "data/", "release/", "usr/local/"];

    public static bool IsRecord(string path) => DebianPackages.IsRecord(path) || DotNetPackages.IsRecord(path) || NpmPackages.IsRecord(path) || CopiedPrograms.IsRecord(path);

    /// <param name="baseLayers">How many of the lowest layers are those of the base; null when nobody knows.</param>
    public static IReadOnlyList<Component> Read(ImageContents contents, int? baseLayers)
    {
        var packages = DebianPackages.Read(contents).Concat(DotNetPackages.Read(contents)).Concat(NpmPackages.Read(contents)).Concat(CopiedPrograms.Read(contents))
            .GroupBy(component => component.Reference, StringComparer.Ordinal)
            .Select(same => same.First() with { IsListed = same.All(one => one.IsListed), Files = [.. same.SelectMany(one => one.Files).Distinct().OrderBy(file => file.Path, StringComparer.Ordinal)] })
            .ToList();
        var explained = packages.SelectMany(package => package.Files).Select(file => file.Path).ToHashSet(StringComparer.Ordinal);
        var files = contents.Files.Values
            .Where(file => file.IsRegular && !explained.Contains(file.Path) && IsBuilt(file))
            .Select(file => new Component(Ecosystem.File, file.Path, "") { Files = [new(file.Path, file.Sha256)] });
        bool IsBuilt(ImageFile file) => baseLayers is { } below ? file.Layer >= below : BuildFolders.Any(folder => file.Path.StartsWith(folder, StringComparison.Ordinal));
        return [.. packages.Concat(files).OrderBy(component => component.Reference, StringComparer.Ordinal)];
    }
}
