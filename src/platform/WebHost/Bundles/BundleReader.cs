using System.Collections.Frozen;
using System.Security.Cryptography;
using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Net.Http.Headers;

namespace Provost.WebHost.Bundles;

/// <summary>Reads the roots once: what is not found then is never served, so no path can lead out of a root.</summary>
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
        var files = ReadRoot(root).ToDictionary(StringComparer.Ordinal);
        AddFingerprinted(files, previous);
        return files.ToFrozenDictionary(StringComparer.Ordinal);
    }

    public static FrozenDictionary<string, BundleFile> ReadFingerprinted(IEnumerable<string> roots)
    {
        Dictionary<string, BundleFile> files = new(StringComparer.Ordinal);
        AddFingerprinted(files, roots);
        return files.ToFrozenDictionary(StringComparer.Ordinal);
    }

    private static void AddFingerprinted(Dictionary<string, BundleFile> files, IEnumerable<string> roots)
    {
        foreach (var root in roots.Where(Directory.Exists))
        {
            foreach (var (path, file) in ReadRoot(root).Where(file => file.Value.Immutable))
            {
                files.TryAdd(path, file);
            }
        }
    }

    private static IEnumerable<KeyValuePair<string, BundleFile>> ReadRoot(string root)
    {
        var types = new FileExtensionContentTypeProvider();
        types.Mappings[".dat"] = types.Mappings[".blat"] = types.Mappings[".dll"] = types.Mappings[".pdb"] = "application/octet-stream";
        types.Mappings[".webmanifest"] = "application/manifest+json";
        var paths = Directory.EnumerateFiles(root, "*", Files).Select(path => Path.GetRelativePath(root, path).Replace('\\', '/')).ToHashSet(StringComparer.Ordinal);
        foreach (var path in paths.Where(path => !IsCompressedTwin(path, paths)))
        {
            if (types.TryGetContentType(path, out var type))
            {
                yield return KeyValuePair.Create(path, ReadFile(root, path, WithCharset(type), paths));
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
