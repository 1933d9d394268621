using System.Text;
using System.Text.Json.Nodes;
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
        var credentials = Directory.CreateTempSubdirectory("provost-docker-");
        try
        {
            var docker = engine(Credentials(credentials.FullName));
            foreach (var (name, image) in images)
            {
                line($"{name}: pulling {image.Pinned}");
                await docker.PullAsync(image.Pinned, cancellation);
            }
        }
        finally
        {
            credentials.Delete(recursive: true);
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

    /// <summary>A configuration of the docker command that only this run sees; a password never is an argument.</summary>
    private Dictionary<string, string> Credentials(string folder)
    {
        Dictionary<string, string> environment = new(StringComparer.Ordinal) { ["DOCKER_CONFIG"] = folder };
        if (address.User is not null)
        {
            var secret = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{address.User}:{address.Password()}"));
            var config = new JsonObject { ["auths"] = new JsonObject { [address.Host] = new JsonObject { ["auth"] = secret } } };
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite };
            using var file = new StreamWriter(Path.Combine(folder, "config.json"), options);
            file.Write(config.ToJsonString());
        }
        return environment;
    }
}
