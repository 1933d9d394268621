using System.CommandLine;
using Provost.Cli.Installations;
using Provost.Runbooks;
using Provost.Runbooks.Images;
using Provost.Runbooks.Images.Registries;

namespace Provost.Cli.Commands;

/// <param name="Configured">What provost.yaml says of it; null when an option names the registry.</param>
/// <param name="LockFile">Where the digests of what is pushed to it stand.</param>
internal sealed record ChosenRegistry(RegistryAddress Address, ConfiguredRegistry? Configured, string LockFile);

/// <summary>The registry that a verb is about: that of the options, or else that of provost.yaml.</summary>
internal static class RegistryOptions
{
    private static readonly Option<string?> Registry = new("--registry") { Description = "The registry and the folder in it, e.g. registry.example:5000/provost (default: registry of provost.yaml)", HelpName = "HOST/PREFIX" };
    private static readonly Option<string?> User = new("--registry-user") { Description = "Account at the registry", HelpName = "NAME" };
    private static readonly Option<FileInfo?> Password = new("--registry-password-file") { Description = "File with the password; a password is never an argument", HelpName = "FILE" };
    private static readonly Option<FileInfo?> Authority = new("--registry-ca") { Description = "Certificate of the internal authority that signed the registry's", HelpName = "FILE" };

    public static void AddRegistry(this Command command)
    {
        command.Options.Add(Registry);
        command.Options.Add(User);
        command.Options.Add(Password);
        command.Options.Add(Authority);
    }

    /// <summary>Says which registry is meant, and where that is set.</summary>
    public static ChosenRegistry RegistryOf(this Invocation invocation)
    {
        var parsed = invocation.Parsed;
        var chosen = parsed.GetValue(Registry) is { } text ? new ChosenRegistry(RegistryAddress.Of(text), null, invocation.LockFile()) : Configured(invocation, invocation.Load());
        var address = chosen.Address with
        {
            User = parsed.GetValue(User) ?? chosen.Address.User,
            PasswordFile = parsed.GetValue(Password)?.FullName ?? chosen.Address.PasswordFile,
            AuthorityFile = parsed.GetValue(Authority)?.FullName ?? chosen.Address.AuthorityFile,
        };
        return chosen with { Address = address };
    }

    // Its images are those that the installation deploys: so is its lock file.
    private static ChosenRegistry Configured(Invocation invocation, LoadedInstallation loaded)
    {
        if (ConfiguredRegistry.Of(loaded.Installation) is not { } registry)
        {
            throw new OperationError(
                ErrorKind.Configuration, $"no registry is named: neither by --registry nor by {loaded.File ?? LoadedInstallation.DefaultFile}",
                "give --registry HOST/PREFIX; or set registry in provost.yaml: address for somebody else's, own for one that provost up starts");
        }
        invocation.Terminal.Say($"registry: {registry.Address} ({registry.Address.Origin.Key} in {loaded.File})");
        var lockFile = invocation.Parsed.GetValue(ImagesCommand.Lock)?.FullName ?? DeployedImages.LockFile(loaded.Folder, Invocation.Checkout);
        return new ChosenRegistry(registry.Address, registry, lockFile);
    }
}
