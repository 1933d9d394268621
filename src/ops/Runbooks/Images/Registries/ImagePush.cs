using Provost.Runbooks.Images.Archives;

namespace Provost.Runbooks.Images.Registries;

/// <param name="Moved">Whether the moving tag now means this image.</param>
public sealed record PushedImage(string Image, string Repository, IReadOnlyList<string> Tags, string Digest, bool Moved);

/// <summary>
/// Pushes what was built to a registry and records the digests. An immutable tag that means other bytes there is an error
/// before anything is sent: a version that is out is never changed.
/// </summary>
public sealed class ImagePush(OciLayout layout, RegistryAddress address, string lockFile)
{
    public async Task<IReadOnlyList<PushedImage>> RunAsync(
        string localPrefix, ImageTags tags, IReadOnlyCollection<string> names, Action<string> line, CancellationToken cancellation)
    {
        var built = layout.Images();
        var images = ImageDefinition.All.Where(image => names.Count == 0 || names.Contains(image.Name)).Select(image => image.Name).ToList();
        var missing = images.Where(image => !built.ContainsKey($"{localPrefix}/{image}:{tags.Version}")).ToList();
        if (missing.Count > 0)
        {
            throw new OperationError(ErrorKind.Failed, $"version {tags.Version} of {string.Join(", ", missing)} is not built", $"build it: provost images build --release {tags.Version}");
        }
        using var connection = new RegistryConnection(address);
        var digests = images.ToDictionary(image => image, image => built[$"{localPrefix}/{image}:{tags.Version}"]);
        foreach (var image in images)
        {
            await RefuseToChangeAsync(new(connection, address.Repository(image)), image, digests[image], tags, cancellation);
        }
        List<PushedImage> pushed = [];
        foreach (var image in images)
        {
            line($"{image}: pushing to {address.Name(image)}");
            pushed.Add(await PushAsync(new(connection, address.Repository(image)), image, digests[image], tags, cancellation));
            if (tags.Moving is not null && !pushed[^1].Moved)
            {
                line($"{image}: {tags.Moving} goes on meaning the newer version that the registry has");
            }
        }
        pushed.Aggregate(ImageLock.Read(lockFile), (all, image) => all.With(image.Image, new(image.Repository, tags.Version, tags.Revision, image.Digest))).Write(lockFile);
        return pushed;
    }

    private static async Task RefuseToChangeAsync(RegistryRepository repository, string image, string digest, ImageTags tags, CancellationToken cancellation)
    {
        foreach (var tag in tags.Immutable)
        {
            if (await repository.ResolveAsync(tag, cancellation) is { } there && there != digest)
            {
                throw new OperationError(
                    ErrorKind.Refused,
                    $"{image}:{tag} is in the registry with other content ({there}; built here: {digest})",
                    "a version that was pushed never changes: build and push a new version");
            }
        }
    }

    /// <summary>Whether the moving tag is to mean this version: not when the registry has a newer one of its line.</summary>
    internal static bool Moves(ImageTags tags, IReadOnlyList<string> there) => tags.Moving is { } line && !there.Any(tag =>
        tag.StartsWith(line + ".", StringComparison.Ordinal) && IsVersion(tag) && VersionOrder.Instance.Compare(tag, tags.Version) > 0);

    // Tags with a revision stand beside one without, and a pre-release is none that a moving tag would mean.
    private static bool IsVersion(string tag) => tag.Split('.') is { Length: 3 } parts && parts.All(part => part.Length > 0 && part.All(char.IsAsciiDigit));

    private async Task<PushedImage> PushAsync(RegistryRepository repository, string image, string digest, ImageTags tags, CancellationToken cancellation)
    {
        var manifest = layout.ReadJson(digest);
        foreach (var blob in manifest["layers"]!.AsArray().Append(manifest["config"]).Select(one => (string)one!["digest"]!))
        {
            await repository.PushBlobAsync(blob, () => File.OpenRead(layout.BlobPath(blob)), cancellation);
        }
        var moves = Moves(tags, tags.Moving is null ? [] : await repository.TagsAsync(cancellation));
        IReadOnlyList<string> given = moves ? tags.All : tags.Immutable;
        foreach (var tag in given)
        {
            await repository.PushManifestAsync(tag, layout.ReadVerified(digest), OciLayout.ManifestType, cancellation);
        }
        return await repository.ResolveAsync(tags.Version, cancellation) is { } there && there == digest
            ? new(image, address.Name(image), given, digest, moves)
            : throw new OperationError(ErrorKind.Failed, $"{image}: the registry does not say that {tags.Version} is {digest} after the push", "look at the log of the registry, then push again");
    }
}
