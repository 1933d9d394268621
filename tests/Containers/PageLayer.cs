using System.Formats.Tar;
using System.IO.Compression;
using Provost.Runbooks.Images.Archives;

namespace Provost.Containers.Tests;

/// <summary>A layer over the frontend's image that puts other pages in place of its own.</summary>
/// <param name="Uncompressed">Its digest in the image's configuration.</param>
internal sealed record PageLayer(Blob Blob, string Uncompressed)
{
    private const string Bundle = "bundle/wwwroot";

    /// <param name="layers">Digests of the image's own layers.</param>
    /// <param name="change">Changes the pages, which lie in the folder that it is given.</param>
    public static async Task<PageLayer> WriteAsync(OciLayout layout, IEnumerable<string> layers, string folder, Func<string, Task> change)
    {
        var pages = Directory.CreateDirectory(Path.Combine(folder, Guid.NewGuid().ToString("N"))).FullName;
        foreach (var layer in layers)
        {
            await ExtractAsync(layout.BlobPath(layer), pages);
        }
        Assert.True(File.Exists(Path.Combine(pages, "index.html")), "no layer of the image has the pages");
        await change(pages);
        using var tar = new MemoryStream();
        await PackAsync(pages, tar);
        Directory.Delete(pages, recursive: true);
        using var packed = new MemoryStream();
        await using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            await gzip.WriteAsync(tar.GetBuffer().AsMemory(0, (int)tar.Length));
        }
        return new PageLayer(layout.Write(packed.ToArray()), OciLayout.Digest(tar.GetBuffer().AsSpan(0, (int)tar.Length)));
    }

    private static async Task ExtractAsync(string layer, string into)
    {
        await using var reader = new TarReader(new GZipStream(File.OpenRead(layer), CompressionMode.Decompress));
        while (await reader.GetNextEntryAsync() is { } entry)
        {
            var name = entry.Name.StartsWith("./", StringComparison.Ordinal) ? entry.Name[2..] : entry.Name;
            if (name.StartsWith(Bundle + "/", StringComparison.Ordinal) && entry.EntryType is TarEntryType.RegularFile or TarEntryType.V7RegularFile)
            {
                var file = Path.Combine(into, name[(Bundle.Length + 1)..]);
                Directory.CreateDirectory(Path.GetDirectoryName(file)!);
                await entry.ExtractToFileAsync(file, overwrite: true);
            }
        }
    }

    // Opaque: nothing of the folder below is seen any more.
    private static async Task PackAsync(string pages, Stream into)
    {
        await using var writer = new TarWriter(into, leaveOpen: true);
        foreach (var folder in new[] { pages }.Concat(Directory.EnumerateDirectories(pages, "*", SearchOption.AllDirectories)))
        {
            await writer.WriteEntryAsync(new PaxTarEntry(TarEntryType.Directory, $"{Name(folder)}/") { Mode = (UnixFileMode)0b111_101_101 });
        }
        await writer.WriteEntryAsync(new PaxTarEntry(TarEntryType.RegularFile, $"{Bundle}/.wh..wh..opq"));
        foreach (var file in Directory.EnumerateFiles(pages, "*", SearchOption.AllDirectories))
        {
            await using var content = File.OpenRead(file);
            await writer.WriteEntryAsync(new PaxTarEntry(TarEntryType.RegularFile, Name(file)) { DataStream = content, Mode = (UnixFileMode)0b110_100_100 });
        }
        string Name(string path) => path == pages ? Bundle : $"{Bundle}/{Path.GetRelativePath(pages, path)}";
    }
}
