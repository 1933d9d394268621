using Provost.Runbooks.Tools;

namespace Provost.Runbooks.Images.Registries;

/// <summary>
/// Gives back the space of what retention removed. The registry rests meanwhile: a layer that is pushed while garbage is
/// collected would be lost (https://distribution.github.io/distribution/about/garbage-collection/).
/// </summary>
public static class RegistryGarbage
{
    public static async Task CollectAsync(string folder, Action<string> line, CancellationToken cancellation)
    {
        if (!File.Exists(RegistryFolder.ComposeFile(folder)))
        {
            throw new OperationError(ErrorKind.Configuration, $"{folder} holds no registry", "name the folder that provost images registry wrote");
        }
        await new DockerEngine().RequireComposeAsync(cancellation);
        await RegistryContainer.ComposeAsync(folder, line, cancellation, "stop", "registry");
        try
        {
            await RegistryContainer.ComposeAsync(
                folder, line, cancellation, "run", "--rm", "--no-deps", "-T", "--entrypoint", "registry", "registry", "garbage-collect", $"{RegistryPlaces.Container.Configuration}/config.yml");
        }
        finally
        {
            // Also after an interruption.
            await RegistryContainer.ComposeAsync(folder, line, CancellationToken.None, "up", "--detach", "--wait", "registry");
        }
    }
}
