using Provost.Runbooks.Tools;
using Provost.Topology.Model;

namespace Provost.Runbooks.Targets.Compose;

/// <summary>Whether the gateway, which runs as nobody's root, can read the certificate and the key that an operator brings.</summary>
public static class CertificateAccess
{
    private const uint PlatformUser = 1654;

    public static void Require(Site site)
    {
        foreach (var file in site.Domain is null ? [] : new[] { site.Https.Certificate, site.Https.Key }.OfType<string>())
        {
            if (FileIdentity.OwnerOf(file) is not { } owner)
            {
                throw new OperationError(ErrorKind.Configuration, $"there is no file {file}", "correct https.certificate and https.key in provost.yaml");
            }
            if (!MayRead(File.GetUnixFileMode(file), owner))
            {
                throw new OperationError(
                    ErrorKind.Machine, $"the gateway's user {PlatformUser} may not read {file}",
                    $"let its group read it, and nobody else: chgrp {PlatformUser} {file} && chmod 640 {file}");
            }
        }
    }

    // A group of another number may stand for an access list: what is not surely wrong is left to the gateway, which says so too.
    internal static bool MayRead(UnixFileMode mode, (uint User, uint Group) owner) =>
        mode.HasFlag(UnixFileMode.OtherRead) || mode.HasFlag(UnixFileMode.GroupRead) || (owner.User == PlatformUser && mode.HasFlag(UnixFileMode.UserRead));
}
