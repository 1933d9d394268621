using Provost.Runbooks.Tools;
using Provost.Topology.Model;

namespace Provost.Runbooks.Targets.Compose;

/// <summary>Whether the backup container, which runs as nobody's root, can write the directories of the machine that backups go to.</summary>
public static class DestinationAccess
{
    private const uint PlatformUser = 1654;

    public static void Require(Site site)
    {
        foreach (var directory in site.Backup.Destinations.Values.Select(d => d.Directory).OfType<string>().Where(d => d.StartsWith('/')))
        {
            if (!Directory.Exists(directory) || FileIdentity.OwnerOf(directory) is not { } owner)
            {
                throw new OperationError(
                    ErrorKind.Configuration, $"there is no directory {directory}, which backups are to go to",
                    $"mount or make it (mkdir {directory} && chown {PlatformUser} {directory}), or correct backup.destinations in provost.yaml");
            }
            if (!MayWrite(File.GetUnixFileMode(directory), owner))
            {
                throw new OperationError(
                    ErrorKind.Machine, $"the backup container's user {PlatformUser} may not write {directory}", $"give it to that user: chown {PlatformUser} {directory}");
            }
        }
    }

    /// <summary>Whether it can read a repository that lies in a directory of the machine.</summary>
    public static void RequireReadable(string directory)
    {
        if (!Directory.Exists(directory) || FileIdentity.OwnerOf(directory) is not { } owner)
        {
            throw new OperationError(
                ErrorKind.Refused, $"there is no directory {directory}", "give the directory of a repository, or a destination of provost.yaml; a bucket must be one of these (provost backup login NAME)");
        }
        var mode = File.GetUnixFileMode(directory);
        if (owner.User != PlatformUser && !(owner.Group == PlatformUser && mode.HasFlag(UnixFileMode.GroupRead)) && !mode.HasFlag(UnixFileMode.OtherRead))
        {
            throw new OperationError(
                ErrorKind.Machine, $"the backup container's user {PlatformUser} may not read {directory}", $"give it, or a copy of it, to that user: chown -R {PlatformUser} {directory}");
        }
    }

    internal static bool MayWrite(UnixFileMode mode, (uint User, uint Group) owner) => mode.HasFlag(UnixFileMode.OtherWrite)
        || (owner.User == PlatformUser && mode.HasFlag(UnixFileMode.UserWrite)) || (owner.Group == PlatformUser && mode.HasFlag(UnixFileMode.GroupWrite));
}
