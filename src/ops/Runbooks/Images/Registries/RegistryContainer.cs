using Provost.Runbooks.Targets;
using Provost.Runbooks.Tools;
using Provost.Topology.Environments;
using Provost.Topology.Model;

namespace Provost.Runbooks.Images.Registries;

/// <summary>The registry of the installation's own, on the machine of its site: one container of Docker Compose.</summary>
/// <param name="LockFile">Where the digest of the registry's program is recorded, if it is.</param>
/// <param name="AuthorityFile">Certificate of the authority that issues; null for one of the registry's own.</param>
public sealed record RegistryContainer(RegistryAddress Address, OwnRegistry Own, string Project, string LockFile, string? AuthorityFile)
{
    private const int HealthySeconds = 120;

    /// <returns>Null when the installation has none of its own, or another site runs it.</returns>
    public static RegistryContainer? Of(TargetSite site)
    {
        if (ConfiguredRegistry.Of(site.Installation) is not { Own: { } own } registry || site.Installation.RegistrySite() != site.Name)
        {
            return null;
        }
        // Under Compose the key of the installation's authority is out of reach, in a volume.
        var authority = site.Site.Target is Target.Process && Certificates.AreIssued(site.Site) ? Certificates.AuthorityFile(site.State.Root) : null;
        return new RegistryContainer(registry.Address, own, $"provost-registry-{site.Installation.Name}", DeployedImages.LockFile(site.Folder, site.Checkout), authority);
    }

    /// <summary>The folder of the site's registry, also of one that provost.yaml does not name any more; null when none was made.</summary>
    public static string? FolderOf(TargetSite site)
    {
        var folder = site.Installation.Registry.Own is not { } own ? Path.Combine(site.Folder, OwnRegistry.DefaultFolder)
            : site.Installation.RegistrySite() == site.Name ? own.Folder : null;
        return folder is not null && File.Exists(RegistryFolder.ComposeFile(folder)) ? folder : null;
    }

    /// <summary>Writes its files, renews its certificate when that is due, and returns when it answers under its name.</summary>
    public async Task StartAsync(TimeProvider time, Action<string> line, CancellationToken cancellation)
    {
        var written = RegistryFolder.Write(Request(), time);
        string[] anew = written.IsChanged ? ["--force-recreate"] : [];
        await ComposeAsync(Own.Folder, line, cancellation, ["up", "--detach", "--wait", "--wait-timeout", $"{HealthySeconds}", .. anew]);
        using var connection = new RegistryConnection(Address);
        await connection.RequireAsync(cancellation);
        line($"the registry answers: {Address}");
    }

    /// <summary>Stops it; what was pushed stays.</summary>
    public static Task StopAsync(string folder, Action<string> line, CancellationToken cancellation) => ComposeAsync(folder, line, cancellation, "down", "--remove-orphans");

    /// <summary>Stops it and removes what was pushed, its account and its authority.</summary>
    public static async Task RemoveAsync(string folder, Action<string> line, CancellationToken cancellation)
    {
        await StopAsync(folder, line, cancellation);
        RegistryFolder.Remove(folder);
    }

    private RegistryRequest Request() => new(
        Own.Folder, Own.Host, Own.Port, ConfiguredRegistry.OwnUser, RegistryFolder.Password(Own.Folder), RegistryFiles.Pinned(ImageLock.Read(LockFile)), AuthorityFile)
    {
        Project = Project,
    };

    internal static Task ComposeAsync(string folder, Action<string> line, CancellationToken cancellation, params string[] arguments) =>
        DockerEngine.RunAsync(new Command("docker", ["compose", .. arguments], folder), $"docker compose {arguments[0]} failed in {folder}", line, cancellation);
}
