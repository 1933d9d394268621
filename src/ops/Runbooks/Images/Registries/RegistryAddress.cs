namespace Provost.Runbooks.Images.Registries;

/// <summary>A registry and how to get in. The password is read from its file when it is needed, never from a command line.</summary>
/// <param name="Host"><c>registry.example</c> or <c>registry.example:5000</c>.</param>
/// <param name="Prefix">Where the images are in it, e.g. <c>provost</c>.</param>
/// <param name="AuthorityFile">Certificate of the internal authority that signed the registry's; null trusts what the machine trusts.</param>
public sealed record RegistryAddress(string Host, string Prefix, string? User = null, string? PasswordFile = null, string? AuthorityFile = null)
{
    /// <summary>Where this was set, for errors.</summary>
    public RegistryOrigin Origin { get; init; } = RegistryOrigin.Options;

    /// <param name="text">As <c>--registry</c> and <c>registry.address</c> have it: the registry and the folder in it.</param>
    public static RegistryAddress Of(string text)
    {
        var (whole, slash) = (text.TrimEnd('/'), text.IndexOf('/', StringComparison.Ordinal));
        return slash < 0 || slash >= whole.Length ? new(whole, "") : new(whole[..slash], whole[(slash + 1)..]);
    }

    public override string ToString() => Name("").TrimEnd('/');

    public string Repository(string image) => Prefix.Length == 0 ? image : $"{Prefix}/{image}";

    /// <summary>The name of an image for the engine, without tag and digest.</summary>
    public string Name(string image) => $"{Host}/{Repository(image)}";

    public string? Password()
    {
        if (PasswordFile is null)
        {
            return null;
        }
        var text = File.Exists(PasswordFile) ? File.ReadAllText(PasswordFile).Trim()
            : throw new OperationError(ErrorKind.Configuration, $"the password file of the registry does not exist: {PasswordFile}", Origin == RegistryOrigin.Own ? Origin.CredentialsRemedy : "write the password into it (chmod 600), or name another file");
        return text.Length > 0 ? text : throw new OperationError(ErrorKind.Configuration, $"the password file of the registry is empty: {PasswordFile}", "write the password into it");
    }
}
