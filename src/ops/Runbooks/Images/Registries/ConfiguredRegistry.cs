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
                ? RegistryAddress.Of(images) with
                {
                    User = OwnUser, PasswordFile = RegistryFolder.PasswordFile(own.Folder), AuthorityFile = RegistryFolder.AuthorityFile(own.Folder), Origin = RegistryOrigin.Own,
                }
                : RegistryAddress.Of(images) with
                {
                    User = registry.User, PasswordFile = registry.PasswordFile, AuthorityFile = registry.AuthorityFile, Origin = RegistryOrigin.Address,
                },
            registry.Keep, registry.Own);
    }
}
