using System.Collections.Frozen;
using Microsoft.AspNetCore.StaticFiles;

namespace Provost.WebHost.Bundles;

/// <summary>What can be served, and what a path means.</summary>
internal sealed class Bundle(WebOptions options, ReleaseBundles others)
{
    private const string Index = "index.html";

    private static readonly FileExtensionContentTypeProvider StaticTypes = new();

    private readonly FrozenDictionary<string, BundleFile> files = BundleReader.Read(Path.GetFullPath(options.Root), options.Previous.Select(Path.GetFullPath));

    /// <summary>The file for a path; the page itself for a path inside the application; null when there is nothing.</summary>
    public BundleFile? Find(string path)
    {
        var relative = path.TrimStart('/');
        if (relative.Length == 0)
        {
            return files[Index];
        }

        if (files.TryGetValue(relative, out var file))
        {
            return file;
        }

        return IsFile(relative) ? others.Find(relative) : files[Index];
    }

    /// <summary>Fails when the bundle is no longer on the disk.</summary>
    public Task CheckAsync() => File.Exists(files[Index].Plain.PhysicalPath)
        ? Task.CompletedTask
        : throw new FileNotFoundException($"{files[Index].Plain.PhysicalPath} is gone: publish the Web bundle again");

    // A page for a missing script would break the client that asked for it; MATH.101 is no file.
    private static bool IsFile(string path) =>
        path.StartsWith("_framework/", StringComparison.Ordinal) || path.StartsWith("_content/", StringComparison.Ordinal)
        || StaticTypes.TryGetContentType(path, out _) || Path.GetExtension(path) is ".br" or ".gz" or ".map" or ".dat" or ".blat" or ".webmanifest";
}
