using System.CommandLine;
using Provost.Cli.Output;
using Provost.Runbooks;
using Provost.Runbooks.Images.Registries;

namespace Provost.Cli.Commands;

/// <summary>provost images registry: the files of a private registry of one's own.</summary>
internal static class ImagesRegistryCommand
{
    private static readonly Option<DirectoryInfo> Folder = new("--output", "-o") { Description = "Where the files go", HelpName = "DIR", Required = true };
    private static readonly Option<string> Account = new("--registry-user") { Description = "The account that may push and pull", HelpName = "NAME", Required = true };
    private static readonly Option<FileInfo> PasswordFile = new("--registry-password-file") { Description = "File with its password", HelpName = "FILE", Required = true };

    public static Command Create()
    {
        var command = new Command("registry", "Write the files of a private registry: configuration, accounts, Compose file") { Folder, Account, PasswordFile };
        command.Does(invocation =>
        {
            var account = invocation.Parsed.GetRequiredValue(Account);
            if (!account.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_') || account.Length == 0)
            {
                throw new OperationError(ErrorKind.Configuration, $"\"{account}\" is no account name", "use letters, digits, dots, dashes and underscores");
            }
            var password = new RegistryAddress("", "", account, invocation.Parsed.GetRequiredValue(PasswordFile).FullName).Password()!;
            var folder = invocation.Parsed.GetRequiredValue(Folder);
            folder.Create();
            var files = RegistryFiles.Render(account, password);
            foreach (var (name, text) in files)
            {
                File.WriteAllText(Path.Combine(folder.FullName, name), text);
            }
            invocation.Terminal.Output.WriteLine(invocation.Terminal.Json ? ImagesCommand.Array(files.Keys).ToJsonString() : string.Join('\n', files.Keys.Select(name => Path.Combine(folder.FullName, name))));
            invocation.Terminal.Say("put tls.crt and tls.key of your internal authority beside them, then: docker compose up -d");
            return Task.FromResult(ExitCode.Success);
        });
        return command;
    }
}
