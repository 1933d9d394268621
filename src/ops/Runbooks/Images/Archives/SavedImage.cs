using System.Formats.Tar;
using System.IO.Compression;
using System.Text.Json.Nodes;

namespace Provost.Runbooks.Images.Archives;

/// <summary>An image as files in a folder: its configuration and its layers, the lowest first.</summary>
public sealed class SavedImage(byte[] configuration, IReadOnlyList<string> layers)
{
    private readonly JsonObject config = JsonNode.Parse(configuration)!.AsObject();

    public JsonObject Config => config;

    /// <summary>The configuration to the byte: its digest is what the engine calls the image.</summary>
    public ReadOnlyMemory<byte> Configuration => configuration;

    /// <summary>The digests of the uncompressed layers, as the configuration names them.</summary>
    public IReadOnlyList<string> LayerDigests => [.. config["rootfs"]!["diff_ids"]!.AsArray().Select(id => (string)id!)];

    public int LayerCount => layers.Count;

    /// <summary>The uncompressed layer.</summary>
    public Stream OpenLayer(int index)
    {
        var file = File.OpenRead(layers[index]);
        Span<byte> start = stackalloc byte[2];
        var compressed = file.ReadAtLeast(start, 2, throwOnEndOfStream: false) == 2 && start is [0x1F, 0x8B];
        file.Position = 0;
        return compressed ? new GZipStream(file, CompressionMode.Decompress) : file;
    }

    /// <summary>Unpacks what <c>docker save</c> writes, of any version of Docker.</summary>
    public static async Task<SavedImage> UnpackAsync(Stream archive, string folder, CancellationToken cancellation)
    {
        Dictionary<string, string> files = new(StringComparer.Ordinal);
        Dictionary<string, string> links = new(StringComparer.Ordinal);
        await using (var reader = new TarReader(archive, leaveOpen: true))
        {
            while (await reader.GetNextEntryAsync(copyData: false, cancellation) is { } entry)
            {
                if (entry.EntryType is TarEntryType.SymbolicLink or TarEntryType.HardLink)
                {
                    links[entry.Name] = Target(entry);
                }
                else if (entry.DataStream is not null)
                {
                    // Numbered: a name out of an archive never becomes a path.
                    var path = files[entry.Name] = Path.Combine(folder, $"{files.Count}");
                    await using var file = File.Create(path);
                    await entry.DataStream.CopyToAsync(file, cancellation);
                }
            }
        }
        return Compose(name => files.GetValueOrDefault(links.GetValueOrDefault(name, name)));
    }

    private static SavedImage Compose(Func<string, string?> file)
    {
        string Require(string name) => file(name) ?? throw new OperationError(ErrorKind.Failed, $"the image archive has no {name}", "it was cut off: check the disk of the Docker engine and of this machine, and run this again");
        var manifest = JsonNode.Parse(File.ReadAllBytes(Require("manifest.json")))![0]!;
        return new(File.ReadAllBytes(Require((string)manifest[nameof(Config)]!)), [.. manifest["Layers"]!.AsArray().Select(layer => Require((string)layer!))]);
    }

    // Older engines write a layer that occurs twice as a link to its first place.
    private static string Target(TarEntry entry)
    {
        if (entry.EntryType is TarEntryType.HardLink)
        {
            return entry.LinkName;
        }
        var parts = new Stack<string>(entry.Name.Split('/')[..^1]);
        foreach (var part in entry.LinkName.Split('/'))
        {
            if (part == "..")
            {
                parts.TryPop(out _);
            }
            else if (part is not ("." or ""))
            {
                parts.Push(part);
            }
        }
        return string.Join('/', parts.Reverse());
    }
}
