namespace Provost.Runbooks.Images.Registries;

/// <summary>Where an address of a registry was set: errors name what to change there.</summary>
/// <param name="Key">The option, or the key of provost.yaml.</param>
/// <param name="CredentialsRemedy">When it wants an account and none is given.</param>
/// <param name="AuthorityRemedy">When its certificate is not trusted.</param>
/// <param name="ReachRemedy">When nothing answers.</param>
public sealed record RegistryOrigin(string Key, string CredentialsRemedy, string AuthorityRemedy, string ReachRemedy)
{
    private const string Reach = "check the address, and that the registry runs; nothing was changed here";

    public static RegistryOrigin Options { get; } = new(
        "--registry", "give --registry-user and --registry-password-file", "give the certificate of the authority that signed it: --registry-ca FILE", Reach);

    public static RegistryOrigin Address { get; } = new(
        "registry.address", "set registry.user and registry.passwordFile in provost.yaml",
        "set registry.authorityFile in provost.yaml to the certificate of the authority that signed it", Reach);

    public static RegistryOrigin Own { get; } = new(
        "registry.own", "provost up -d makes its account anew", "provost up -d issues it anew, by the authority whose certificate is ca.crt in registry.own.folder",
        "provost up -d starts it; the name in registry.own.host must lead to its machine; nothing was changed here");
}
