using Provost.Topology.Model;

namespace Provost.Runbooks.Images.Registries;

/// <summary>The registry that provost.yaml configures.</summary>
/// <param name="Own">Set when it is the installation's own.</param>
public sealed record ConfiguredRegistry(RegistryAddress Address, int Keep, OwnRegistry? Own)
{
    /// <summary>The account of a registry of the installation's own.</summary>
    public const string OwnUser = "provost";

    /// <param name="installation">With whole paths.</param>
    /// <returns>Null when it configures none.</returns>
    public static ConfiguredRegistry? Of(Installation installation)
    {
        var registry = installation.Registry;
        return registry.Images() is not { } images ? null : new(
            registry.Own is { } own
                ? With(images, OwnUser, RegistryFolder.PasswordFile(own.Folder), RegistryFolder.AuthorityFile(own.Folder), RegistryOrigin.Own)
                : With(images, registry.User, registry.PasswordFile, registry.AuthorityFile, RegistryOrigin.Address),
            registry.Keep, registry.Own);
    }

    private static RegistryAddress With(string images, string? user, string? passwordFile, string? authorityFile, RegistryOrigin origin) =>
        RegistryAddress.Of(images) with { User = user, PasswordFile = passwordFile, AuthorityFile = authorityFile, Origin = origin };
}
