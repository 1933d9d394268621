using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Provost.Runbooks.Images.Archives;

/// <summary>A blob by its digest.</summary>
public sealed record Blob(string Digest, long Bytes);

/// <summary>
/// A folder of images in the OCI image layout, which skopeo, podman, crane and Docker 25+ read too. Blobs are shared between
/// images, so a base is compressed and stored once.
/// </summary>
public sealed class OciLayout(string folder)
{
    public const string ManifestType = "application/vnd.oci.image.manifest.v1+json";
    public const string IndexType = "application/vnd.oci.image.index.v1+json";
    public const string ConfigType = "application/vnd.oci.image.config.v1+json";
    public const string LayerType = "application/vnd.oci.image.layer.v1.tar+gzip";
    private const string ReferenceName = "org.opencontainers.image.ref.name";

    private string Blobs => Path.Combine(folder, "blobs", "sha256");

    public string BlobPath(string digest) => Path.Combine(Blobs, digest["sha256:".Length..]);

    public bool Exists => File.Exists(Path.Combine(folder, "index.json"));

    /// <summary>Held while writing: two builds at once would lose each other's images.</summary>
    public IDisposable Lock()
    {
        Directory.CreateDirectory(folder);
        try
        {
            return new FileStream(Path.Combine(folder, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e)
        {
            throw new OperationError(ErrorKind.Machine, $"another build writes to {folder}", "wait until it has ended, then run this again", cause: e);
        }
    }

    /// <summary>The digest of the manifest of each image, by reference name.</summary>
    public IReadOnlyDictionary<string, string> Images() => Index().ToDictionary(
        entry => (string)entry!["annotations"]![ReferenceName]!, entry => (string)entry!["digest"]!, StringComparer.Ordinal);

    public JsonObject ReadJson(string digest) => JsonNode.Parse(ReadVerified(digest))!.AsObject();

    /// <summary>The bytes of a small blob; refused when they are not those that the digest names.</summary>
    public byte[] ReadVerified(string digest)
    {
        var path = BlobPath(digest);
        var bytes = File.Exists(path) ? File.ReadAllBytes(path) : throw Damaged($"has no blob {digest}");
        return Digest(bytes) == digest ? bytes : throw Damaged($"holds other bytes than {digest} names");
    }

    public static string Digest(ReadOnlySpan<byte> bytes) => "sha256:" + Convert.ToHexStringLower(SHA256.HashData(bytes));

    public Blob Write(byte[] bytes)
    {
        Directory.CreateDirectory(Blobs);
        var digest = Digest(bytes);
        File.WriteAllBytes(BlobPath(digest), bytes);
        return new(digest, bytes.Length);
    }

    /// <summary>Compresses a layer whose uncompressed digest is known, unless it is here already.</summary>
    public async Task<Blob> WriteLayerAsync(string uncompressed, Func<Stream> open, CancellationToken cancellation)
    {
        var known = Path.Combine(folder, "layers", uncompressed["sha256:".Length..]);
        if (File.Exists(known) && await FindAsync(File.ReadAllText(known).Trim(), cancellation) is { } there)
        {
            return there;
        }
        Directory.CreateDirectory(Blobs);
        Directory.CreateDirectory(Path.GetDirectoryName(known)!);
        var temporary = Path.Combine(folder, $"blob.{Environment.ProcessId}");
        var blob = await CompressAsync(open, temporary, cancellation);
        File.Move(temporary, BlobPath(blob.Digest), overwrite: true);
        File.WriteAllText(known, blob.Digest);
        return blob;
    }

    // Hashing is far cheaper than compressing, and what a crash cut off must not be pushed.
    private async Task<Blob?> FindAsync(string digest, CancellationToken cancellation)
    {
        if (!File.Exists(BlobPath(digest)))
        {
            return null;
        }
        await using var file = File.OpenRead(BlobPath(digest));
        return "sha256:" + Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellation)) == digest ? new(digest, file.Length) : null;
    }

    // The file is closed, and so complete, before it gets its name.
    private static async Task<Blob> CompressAsync(Func<Stream> open, string path, CancellationToken cancellation)
    {
        await using var target = new HashingStream(File.Create(path, 1 << 20));
        await using (var gzip = new GZipStream(target, CompressionLevel.Optimal, leaveOpen: true))
        await using (var layer = open())
        {
            await layer.CopyToAsync(gzip, 1 << 20, cancellation);
        }
        return new(target.Digest(), target.Count);
    }

    /// <summary>Writes the manifest and lists the image under its name, in place of what had that name.</summary>
    public Blob WriteManifest(string name, Blob config, IReadOnlyList<Blob> layers)
    {
        var manifest = Write(Encoding.UTF8.GetBytes(new JsonObject
        {
            ["schemaVersion"] = 2,
            ["mediaType"] = ManifestType,
            ["config"] = Descriptor(ConfigType, config),
            ["layers"] = new JsonArray([.. layers.Select(layer => Descriptor(LayerType, layer))]),
        }.ToJsonString()));
        var entry = Descriptor(ManifestType, manifest);
        entry["annotations"] = new JsonObject { [ReferenceName] = name };
        var kept = Index().Where(other => (string)other!["annotations"]![ReferenceName]! != name).Select(other => other!.DeepClone());
        WriteIndex([.. kept.Append(entry).OrderBy(one => (string)one!["annotations"]![ReferenceName]!, StringComparer.Ordinal)]);
        return manifest;
    }

    /// <summary>Removes blobs that no listed image has any more.</summary>
    public void Sweep()
    {
        var used = Index().Select(entry => (string)entry!["digest"]!).SelectMany(digest => Reachable(digest)).ToHashSet(StringComparer.Ordinal);
        foreach (var file in Directory.EnumerateFiles(Blobs).Where(file => !used.Contains("sha256:" + Path.GetFileName(file))))
        {
            File.Delete(file);
        }
        var layers = Path.Combine(folder, "layers");
        foreach (var file in Directory.Exists(layers) ? Directory.EnumerateFiles(layers) : [])
        {
            if (!used.Contains(File.ReadAllText(file).Trim()))
            {
                File.Delete(file);
            }
        }
    }

    private IEnumerable<string> Reachable(string manifest)
    {
        var json = ReadJson(manifest);
        return [manifest, (string)json["config"]!["digest"]!, .. json["layers"]!.AsArray().Select(layer => (string)layer!["digest"]!)];
    }

    private JsonArray Index() => Exists ? JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "index.json")))!["manifests"]!.AsArray() : [];

    private void WriteIndex(JsonNode?[] manifests)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "oci-layout"), """{"imageLayoutVersion":"1.0.0"}""");
        File.WriteAllText(
            Path.Combine(folder, "index.json"),
            new JsonObject { ["schemaVersion"] = 2, ["mediaType"] = IndexType, ["manifests"] = new JsonArray(manifests) }.ToJsonString());
    }

    private static JsonObject Descriptor(string type, Blob blob) => new() { ["mediaType"] = type, ["digest"] = blob.Digest, ["size"] = blob.Bytes };

    private OperationError Damaged(string what) => new(ErrorKind.Failed, $"{folder} {what}", "build the images again: provost images build");
}
