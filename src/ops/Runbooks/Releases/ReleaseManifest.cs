using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Provost.Runbooks.Targets.Process;
using Provost.Runbooks.Tools;

namespace Provost.Runbooks.Releases;

/// <summary>Schemas that a release works with.</summary>
/// <param name="Minimum">Oldest one.</param>
/// <param name="Maximum">The one that it brings.</param>
public sealed record SchemaRange(int Minimum, int Maximum);

/// <summary>What a release is made of.</summary>
/// <param name="Release">Version and fingerprint of the sources: "0.2.0+abc123".</param>
/// <param name="Artefacts">SHA-256 by project, over the names and contents of its files; on a site of containers the name of each image, by digest where a registry has it.</param>
public sealed record ReleaseManifest(
    string Release, DateTimeOffset Created, string CreatedBy, IReadOnlyDictionary<string, string> Artefacts, SchemaRange Schema)
{
    private const string Name = "release.json";

    /// <summary>The manifest of an installed release; made when it was installed without one.</summary>
    public static async Task<ReleaseManifest> OfAsync(StateDirectory state, string release, TimeProvider time, CancellationToken cancellation)
    {
        var folder = ReleaseFolder.Of(state, release);
        var file = Path.Combine(folder, Name);
        if (File.Exists(file) && JsonSerializer.Deserialize(await File.ReadAllBytesAsync(file, cancellation), ReleaseJson.Default.ReleaseManifest) is { } written)
        {
            return written;
        }
        var manifest = new ReleaseManifest(
            release, time.GetUtcNow(), $"{Environment.UserName}@{Environment.MachineName}",
            ReleaseFolder.Projects.ToDictionary(p => p, p => Digest(Path.Combine(folder, p))), await SchemaAsync(folder, cancellation));
        return manifest.Write(state);
    }

    internal ReleaseManifest Write(StateDirectory state)
    {
        PrivateFiles.Write(Path.Combine(ReleaseFolder.Of(state, Release), Name), JsonSerializer.SerializeToUtf8Bytes(this, ReleaseJson.Default.ReleaseManifest));
        return this;
    }

    // The service itself knows; a release from before it could say works with the first schema.
    private static async Task<SchemaRange> SchemaAsync(string folder, CancellationToken cancellation)
    {
        var (exitCode, lines) = await Shell.RunAsync(new Command(Path.Combine(folder, "Api", "Provost.Api"), ["schema"]), null, cancellation);
        return Range(exitCode, lines, $"{folder}/Api");
    }

    internal static SchemaRange Range(int exitCode, IReadOnlyList<string> lines, string who) =>
        exitCode == 0 && lines is [.., var line] && JsonSerializer.Deserialize(line, ReleaseJson.Default.SchemaRange) is { } range ? range
            : throw new OperationError(ErrorKind.Failed, $"{who} does not say which schemas it works with", "build the release again: provost release create", [.. lines.TakeLast(5)]);

    private static string Digest(string folder)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            hash.AppendData(Encoding.UTF8.GetBytes(Path.GetRelativePath(folder, file)));
            hash.AppendData(SHA256.HashData(File.ReadAllBytes(file)));
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(ReleaseManifest))]
[JsonSerializable(typeof(SchemaRange))]
internal sealed partial class ReleaseJson : JsonSerializerContext;
