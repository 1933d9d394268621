using System.Collections.Frozen;
using System.Security.Cryptography;
using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Net.Http.Headers;

namespace Provost.WebHost.Bundles;

/// <summary>Lists the roots once: what is not found then is never served, so no path can lead out of a root.</summary>
internal static class BundleReader
{
    // No links: they could lead out of the root.
    private static readonly EnumerationOptions Files = new()
    {
        RecurseSubdirectories = true,
        AttributesToSkip = FileAttributes.ReparsePoint,
        IgnoreInaccessible = true,
    };

    public static FrozenDictionary<string, BundleFile> Read(string root, IEnumerable<string> previous)
    {
        var files = List(root).ToDictionary(file => file.Key, file => file.Value.Value, StringComparer.Ordinal);
        foreach (var (path, file) in ListFingerprinted(previous))
        {
            files.TryAdd(path, file.Value);
        }

        return files.ToFrozenDictionary(StringComparer.Ordinal);
    }

    /// <summary>
    /// Which fingerprinted files there are; each is read when it is asked for. Somebody waits for one of them, and to read them all
    /// takes seconds.
    /// </summary>
    public static FrozenDictionary<string, Lazy<BundleFile>> ListFingerprinted(IEnumerable<string> roots)
    {
        Dictionary<string, Lazy<BundleFile>> files = new(StringComparer.Ordinal);
        foreach (var (path, file) in roots.Where(Directory.Exists).SelectMany(List).Where(file => Fingerprint.IsIn(file.Key)))
        {
            files.TryAdd(path, file);
        }

        return files.ToFrozenDictionary(StringComparer.Ordinal);
    }

    private static IEnumerable<KeyValuePair<string, Lazy<BundleFile>>> List(string root)
    {
        var types = new FileExtensionContentTypeProvider();
        types.Mappings[".dat"] = types.Mappings[".blat"] = types.Mappings[".dll"] = types.Mappings[".pdb"] = "application/octet-stream";
        types.Mappings[".webmanifest"] = "application/manifest+json";
        var paths = Directory.EnumerateFiles(root, "*", Files).Select(path => Path.GetRelativePath(root, path).Replace('\\', '/')).ToHashSet(StringComparer.Ordinal);
        foreach (var path in paths.Where(path => !IsCompressedTwin(path, paths)))
        {
            if (types.TryGetContentType(path, out var type))
            {
                // A file that could not be read is tried again.
                yield return KeyValuePair.Create(
                    path, new Lazy<BundleFile>(() => ReadFile(root, path, WithCharset(type), paths), LazyThreadSafetyMode.PublicationOnly));
            }
        }
    }

    private static bool IsCompressedTwin(string path, HashSet<string> paths) =>
        Path.GetExtension(path) is ".br" or ".gz" && paths.Contains(path[..^3]);

    private static BundleFile ReadFile(string root, string path, string type, HashSet<string> paths) => new(
        type,
        Fingerprint.IsIn(path),
        type.StartsWith("text/html", StringComparison.Ordinal) ? PagePolicy.For(File.ReadAllText(Path.Combine(root, path))) : null,
        ReadVariant(root, path),
        paths.Contains($"{path}.br") ? ReadVariant(root, $"{path}.br") : null,
        paths.Contains($"{path}.gz") ? ReadVariant(root, $"{path}.gz") : null);

    private static Variant ReadVariant(string root, string path)
    {
        var physical = Path.GetFullPath(path, root);
        using var content = File.OpenRead(physical);
        // Of the content: two replicas, and two releases with the same file, agree.
        var tag = Convert.ToHexStringLower(SHA256.HashData(content).AsSpan(0, 10));
        return new(physical, File.GetLastWriteTimeUtc(physical), new EntityTagHeaderValue($"\"{tag}\""));
    }

    private static string WithCharset(string type) =>
        type.StartsWith("text/", StringComparison.Ordinal) || type is "application/json" or "application/javascript" ? $"{type}; charset=utf-8" : type;
}
