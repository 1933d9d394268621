using System.Reflection;
using Provost.Runbooks.Backups.Repositories;
using Provost.Runbooks.Images;

namespace Provost.Runbooks.Backups.Restoring;

/// <summary>The release that opens what is restored: the same as that of the backup, or a newer one. An older one does not know its schema.</summary>
internal static class RestoringRelease
{
    /// <summary>The release whose programs open the stores: that of the site; without one, that of this tool.</summary>
    public static string Of(BackupSite site) => site.Placement?.Release ?? (site.Releases ?? site.State).ReadSiteSpec()?.Release
        ?? typeof(RestoringRelease).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0.0.0";

    public static void RequireNotOlder(Manifest manifest, string release)
    {
        if (IsVersion(manifest.Release) && IsVersion(release) && VersionOrder.Instance.Compare(Version(manifest.Release), Version(release)) > 0)
        {
            throw new OperationError(
                ErrorKind.Refused, $"the backup {manifest.Id} was made by release {manifest.Release}, and {release} is older: it does not know what that one stored",
                $"restore with release {Version(manifest.Release)} or a newer one; or choose an older backup: provost backup list shows the release of each");
        }
    }

    // A release may be called anything; only numbers have an order.
    private static bool IsVersion(string release) => char.IsAsciiDigit(release.TrimStart('v').FirstOrDefault());

    // Without the build's fingerprint: sources of one version are no older than others of it.
    private static string Version(string release) => release.Split('+')[0];
}
