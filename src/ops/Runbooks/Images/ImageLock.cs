using System.Text.Json;
using System.Text.Json.Nodes;

namespace Provost.Runbooks.Images;

/// <summary>A pushed image: what a deployment pulls, by digest.</summary>
public sealed record LockedImage(string Repository, string Version, string Revision, string Digest)
{
    /// <summary>The name that means these bytes and no others.</summary>
    public string Pinned => $"{Repository}@{Digest}";
}

/// <summary>
/// The lock file: the digest of every base that images are built on, and of every image that was pushed. Deployments take
/// the digests from here, so what runs is what was built and scanned.
/// </summary>
public sealed record ImageLock(IReadOnlyDictionary<string, string> Bases, IReadOnlyDictionary<string, LockedImage> Images)
{
    public static ImageLock Empty { get; } = new(new Dictionary<string, string>(), new Dictionary<string, LockedImage>());

    public LockedImage Require(string image) => Images.GetValueOrDefault(image)
        ?? throw new OperationError(ErrorKind.Configuration, $"the lock file has no digest of {image}", "push it, which records the digest: provost images push");

    public string RequireBase(string reference) => Bases.GetValueOrDefault(reference)
        ?? throw new OperationError(ErrorKind.Configuration, $"the lock file has no digest of the base {reference}", "record it: provost images build --pull");

    public ImageLock WithBase(string reference, string digest) => this with { Bases = With(Bases, reference, digest) };

    public ImageLock With(string image, LockedImage locked) => this with { Images = With(Images, image, locked) };

    public static ImageLock Read(string path)
    {
        if (!File.Exists(path))
        {
            return Empty;
        }
        try
        {
            var json = JsonNode.Parse(File.ReadAllText(path))!;
            return new(
                Members(json["bases"], digest => Digest((string?)digest)),
                Members(json["images"], image => new LockedImage(
                    ImageReference.Parse((string)image!["repository"]!).ToString(), (string)image["version"]!, (string)image["revision"]!, Digest((string?)image["digest"]))));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException or ArgumentNullException or NullReferenceException)
        {
            throw new OperationError(ErrorKind.Configuration, $"{path} is no lock file: {e.Message}", "take it from version control again, or delete it and push: provost images push", cause: e);
        }
    }

    /// <summary>Sorted, so that a diff shows what changed and nothing else.</summary>
    public void Write(string path)
    {
        var json = new JsonObject
        {
            ["bases"] = new JsonObject(Bases.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value))),
            ["images"] = new JsonObject(Images.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)new JsonObject
            {
                ["repository"] = pair.Value.Repository,
                ["version"] = pair.Value.Version,
                ["revision"] = pair.Value.Revision,
                ["digest"] = pair.Value.Digest,
            }))),
        };
        var temporary = path + ".new";
        File.WriteAllText(temporary, json.ToJsonString(new() { WriteIndented = true }) + "\n");
        File.Move(temporary, path, overwrite: true);
    }

    private static Dictionary<string, T> With<T>(IReadOnlyDictionary<string, T> all, string key, T value) => new(all, StringComparer.Ordinal) { [key] = value };

    private static Dictionary<string, T> Members<T>(JsonNode? json, Func<JsonNode?, T> value) =>
        (json?.AsObject() ?? []).ToDictionary(pair => pair.Key, pair => value(pair.Value), StringComparer.Ordinal);

    private static string Digest(string? text) => text is ['s', 'h', 'a', '2', '5', '6', ':', .. { Length: 64 }] ? text
        : throw new FormatException($"\"{text}\" is no digest (sha256: and 64 hexadecimal digits)");
}
