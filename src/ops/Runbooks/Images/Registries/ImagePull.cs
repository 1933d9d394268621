using Provost.Runbooks.Tools;

namespace Provost.Runbooks.Images.Registries;

/// <summary>
/// Gets locked images into the engine, by digest. The registry is asked first, so that a missing or changed image is a clear
/// error before the engine or anything that runs is touched.
/// </summary>
public sealed class ImagePull(RegistryAddress address, ImageLock locked, Func<IReadOnlyDictionary<string, string>, DockerEngine> engine)
{
    public async Task<IReadOnlyList<LockedImage>> RunAsync(IReadOnlyCollection<string> names, Action<string> line, CancellationToken cancellation)
    {
        var images = (names.Count == 0 ? locked.Images.Keys : names).Order(StringComparer.Ordinal).Select(name => (Name: name, Locked: locked.Require(name))).ToList();
        using var connection = new RegistryConnection(address);
        foreach (var (name, image) in images)
        {
            await RequireAsync(connection, name, image, cancellation);
        }
        using var account = EngineAccount.Of(address, EngineAccount.Users);
        var docker = engine(account.Settings);
        foreach (var (name, image) in images)
        {
            line($"{name}: pulling {image.Pinned}");
            await docker.PullAsync(image.Pinned, cancellation);
        }
        return [.. images.Select(image => image.Locked)];
    }

    private async Task RequireAsync(RegistryConnection connection, string name, LockedImage image, CancellationToken cancellation)
    {
        var reference = ImageReference.Parse(image.Repository);
        if (reference.Registry != address.Host)
        {
            throw new OperationError(ErrorKind.Configuration, $"the lock file has {name} in {reference.Registry ?? "the engine's default registry"}, not in {address.Host}", "push it to this registry, or name the other one with --registry");
        }
        var repository = new RegistryRepository(connection, reference.Repository);
        if (await repository.ManifestAsync(image.Digest, cancellation) is null)
        {
            var there = await repository.ResolveAsync(image.Version, cancellation);
            throw new OperationError(
                ErrorKind.Refused,
                $"{address.Host} has no {name} with the locked digest {image.Digest}" + (there is null ? "" : $"; its {image.Version} is {there}"),
                "push the build that the lock file names again, or push a new version and deploy that");
        }
    }
}
