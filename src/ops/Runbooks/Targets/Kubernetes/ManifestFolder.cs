using Provost.Rendering.Kubernetes.Trees;

namespace Provost.Runbooks.Targets.Kubernetes;

/// <summary>Writes a rendered tree into a folder, and removes what an earlier rendering left there.</summary>
public static class ManifestFolder
{
    /// <returns>Paths that were written anew, changed or removed.</returns>
    public static IReadOnlyList<string> Write(string folder, IReadOnlyList<RenderedFile> files)
    {
        RequireOurs(folder, files);
        List<string> changed = [];
        foreach (var file in files)
        {
            var path = Path.Combine(folder, file.Path);
            if (!File.Exists(path) || File.ReadAllText(path) != file.Content)
            {
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                File.WriteAllText(path, file.Content);
                changed.Add(file.Path);
            }
        }
        foreach (var stale in Rendered(folder).Except(files.Select(file => file.Path)))
        {
            File.Delete(Path.Combine(folder, stale));
            changed.Add(stale);
        }
        return changed;
    }

    // A folder with files of somebody else's of the same names is not written over.
    private static void RequireOurs(string folder, IReadOnlyList<RenderedFile> files)
    {
        var foreign = files.Select(file => Path.Combine(folder, file.Path)).FirstOrDefault(path => File.Exists(path) && !IsRendered(path));
        if (foreign is not null)
        {
            throw new OperationError(ErrorKind.Refused, $"{foreign} was not written by provost", "choose an empty folder: -o DIR");
        }
    }

    private static IEnumerable<string> Rendered(string folder) => !Directory.Exists(folder) ? [] :
        [.. Directory.EnumerateFiles(folder, "*.yaml", SearchOption.AllDirectories).Where(IsRendered).Select(path => Path.GetRelativePath(folder, path))];

    private static bool IsRendered(string path) => File.ReadLines(path).FirstOrDefault()?.StartsWith(KustomizeTree.Mark, StringComparison.Ordinal) == true;
}
