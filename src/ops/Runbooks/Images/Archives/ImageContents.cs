using System.Formats.Tar;
using System.Security.Cryptography;

namespace Provost.Runbooks.Images.Archives;

/// <summary>A file of an image.</summary>
/// <param name="Path">From the root, without the leading slash.</param>
/// <param name="Mode">Permission bits with setuid, setgid and sticky.</param>
/// <param name="Sha256">Of regular files; empty for the rest.</param>
/// <param name="Layer">The layer it came with; the lowest is 0.</param>
public sealed record ImageFile(string Path, TarEntryType Type, int Mode, int User, string Link, long Bytes, string Sha256, int Layer)
{
    /// <summary>Kept for files that say what is installed; null otherwise.</summary>
    public byte[]? Content { get; init; }

    /// <summary>Whether it gives whoever runs it rights of root (setcap).</summary>
    public bool HasCapabilities { get; init; }

    public bool IsRegular => Type is TarEntryType.RegularFile or TarEntryType.V7RegularFile or TarEntryType.HardLink;
}

/// <summary>
/// Every file of an image, read once: what a container sees, and separately what lies in the layers although an upper layer
/// deleted it (whoever has the image still can read that).
/// </summary>
public sealed class ImageContents
{
    private const long LargestKept = 16 << 20;
    private const int Window = 4 << 20;

    // What begins at the end of a window is seen whole in the next.
    private const int Overlap = 64 << 10;
    private readonly SortedDictionary<string, ImageFile> files = new(StringComparer.Ordinal);

    /// <summary>What a container sees, by path.</summary>
    public IReadOnlyDictionary<string, ImageFile> Files => files;

    /// <summary>The file as a container sees it, following links; null when there is none.</summary>
    public ImageFile? Find(string path)
    {
        for (var hops = 0; hops < 8 && files.TryGetValue(path, out var file); hops++)
        {
            if (file.Type is not TarEntryType.SymbolicLink)
            {
                return file;
            }
            path = file.Link.StartsWith('/') ? file.Link.TrimStart('/') : Combine(path, file.Link);
        }
        return null;
    }

    /// <param name="keep">Whose content is kept.</param>
    /// <param name="inspect">Sees every file of every layer, deleted ones too; large ones in windows, one after the other.</param>
    public static async Task<ImageContents> ReadAsync(
        SavedImage image, Func<string, bool> keep, Action<ImageFile, ReadOnlyMemory<byte>> inspect, CancellationToken cancellation)
    {
        var contents = new ImageContents();
        for (var layer = 0; layer < image.LayerCount; layer++)
        {
            await using var stream = image.OpenLayer(layer);
            await using var reader = new TarReader(stream);
            List<ImageFile> added = [];
            while (await reader.GetNextEntryAsync(copyData: false, cancellation) is { } entry)
            {
                if (entry.EntryType is not TarEntryType.GlobalExtendedAttributes)
                {
                    added.Add(await ReadAsync(entry, layer, keep, inspect, cancellation));
                }
            }
            contents.Apply(added);
        }
        return contents;
    }

    private static async Task<ImageFile> ReadAsync(
        TarEntry entry, int layer, Func<string, bool> keep, Action<ImageFile, ReadOnlyMemory<byte>> inspect, CancellationToken cancellation)
    {
        var path = Normal(entry.Name);
        var file = new ImageFile(path, entry.EntryType, (int)entry.Mode, entry.Uid, entry.LinkName ?? "", entry.Length, "", layer)
        {
            HasCapabilities = entry is PaxTarEntry pax && pax.ExtendedAttributes.ContainsKey("SCHILY.xattr.security.capability"),
        };
        if (entry.DataStream is null)
        {
            inspect(file, default);
            return file.Type is TarEntryType.RegularFile ? file with { Sha256 = Hex(SHA256.HashData([])) } : file;
        }
        if (!keep(path) || entry.Length > LargestKept)
        {
            return file with { Sha256 = await InspectAsync(file, entry.DataStream, inspect, cancellation) };
        }
        var content = new byte[entry.Length];
        await entry.DataStream.ReadExactlyAsync(content, cancellation);
        inspect(file, content);
        return file with { Sha256 = Hex(SHA256.HashData(content)), Content = content };
    }

    private static async Task<string> InspectAsync(ImageFile file, Stream content, Action<ImageFile, ReadOnlyMemory<byte>> inspect, CancellationToken cancellation)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var window = new byte[(int)Math.Min(Window, file.Bytes)];
        for (int kept = 0, read; ; kept = Math.Min(Overlap, kept + read))
        {
            read = await content.ReadAtLeastAsync(window.AsMemory(kept), window.Length - kept, throwOnEndOfStream: false, cancellation);
            if (read == 0)
            {
                return Hex(hash.GetHashAndReset());
            }
            hash.AppendData(window, kept, read);
            inspect(file, window.AsMemory(0, kept + read));
            var end = kept + read;
            window.AsSpan(end - Math.Min(Overlap, end), Math.Min(Overlap, end)).CopyTo(window);
        }
    }

    // "./etc/passwd" and "/etc/passwd" are etc/passwd; ".wh.x" and ".env" keep their dot.
    private static string Normal(string name) => (name.StartsWith("./", StringComparison.Ordinal) ? name[2..] : name == "." ? "" : name).Trim('/');

    private void Apply(List<ImageFile> added)
    {
        foreach (var path in added.Select(file => file.Path))
        {
            var slash = path.LastIndexOf('/') + 1;
            var (folder, name) = (path[..slash], path[slash..]);
            if (name == ".wh..wh..opq")
            {
                RemoveUnder(folder);
            }
            else if (name.StartsWith(".wh.", StringComparison.Ordinal))
            {
                var gone = folder + name[".wh.".Length..];
                files.Remove(gone);
                RemoveUnder(gone + "/");
            }
        }
        foreach (var file in added.Where(file => file.Path.Length > 0 && !file.Path[(file.Path.LastIndexOf('/') + 1)..].StartsWith(".wh.", StringComparison.Ordinal)))
        {
            files[file.Path] = file.Type is TarEntryType.HardLink && files.GetValueOrDefault(file.Link.TrimStart('.', '/')) is { } same
                ? same with { Path = file.Path, Mode = file.Mode, Layer = file.Layer } : file;
        }
    }

    private void RemoveUnder(string folder)
    {
        foreach (var path in files.Keys.Where(path => path.StartsWith(folder, StringComparison.Ordinal)).ToList())
        {
            files.Remove(path);
        }
    }

    private static string Combine(string from, string link)
    {
        List<string> parts = [.. from.Split('/')[..^1]];
        foreach (var part in link.Split('/'))
        {
            if (part == "..")
            {
                parts = parts.Count > 0 ? parts[..^1] : parts;
            }
            else if (part is not ("" or "."))
            {
                parts.Add(part);
            }
        }
        return string.Join('/', parts);
    }

    private static string Hex(byte[] hash) => Convert.ToHexStringLower(hash);
}
