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

    internal static bool MayWrite(UnixFileMode mode, (uint User, uint Group) owner) => mode.HasFlag(UnixFileMode.OtherWrite)
        || (owner.User == PlatformUser && mode.HasFlag(UnixFileMode.UserWrite)) || (owner.Group == PlatformUser && mode.HasFlag(UnixFileMode.GroupWrite));
}
