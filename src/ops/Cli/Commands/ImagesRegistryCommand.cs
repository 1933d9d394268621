using System.CommandLine;
using Provost.Cli.Output;
using Provost.Runbooks;
using Provost.Runbooks.Images;
using Provost.Runbooks.Images.Registries;

namespace Provost.Cli.Commands;

/// <summary>provost images registry: the files of a private registry of one's own.</summary>
internal static class ImagesRegistryCommand
{
    private static readonly Option<DirectoryInfo> Folder = new("--output", "-o") { Description = "Where the files go", HelpName = "DIR", Required = true };
    private static readonly Option<string> Account = new("--registry-user") { Description = "The account that may push and pull", HelpName = "NAME", Required = true };
    private static readonly Option<FileInfo> PasswordFile = new("--registry-password-file") { Description = "File with its password", HelpName = "FILE", Required = true };
    private static readonly Option<string> Host = new("--host") { Description = "Name under which clients reach it: the certificate is issued for it", HelpName = "NAME", Required = true };
    private static readonly Option<int> Port = new("--port") { Description = "Port of this machine", HelpName = "PORT", DefaultValueFactory = _ => 5000 };
    private static readonly Option<FileInfo?> Authority = new("--ca") { Description = "Certificate of the authority that issues, its key beside it (default: one of the registry's own)", HelpName = "FILE" };

    public static Command Create()
    {
        var command = new Command("registry", "Write the files of a private registry: configuration, accounts, certificate, Compose file; again to renew")
        {
            Folder, Host, Port, Account, PasswordFile, Authority, ImagesCommand.Lock,
        };
        command.Does(invocation =>
        {
            var folder = invocation.Parsed.GetRequiredValue(Folder).FullName;
            var request = Request(invocation, folder);
            var files = RegistryFolder.Write(request, invocation.Time).Files;
            invocation.Terminal.Output.WriteLine(invocation.Terminal.Json ? ImagesCommand.Array(files).ToJsonString() : string.Join('\n', files.Select(name => Path.Combine(folder, name))));
            invocation.Terminal.Say($"start it: docker compose --project-directory {folder} up -d --wait (after a renewal: restart)");
            invocation.Terminal.Say($"push to it: --registry {request.Host}:{request.Port}/provost --registry-ca {Path.Combine(folder, "ca.crt")}");
            invocation.Terminal.Say($"engines that pull from it: copy ca.crt to /etc/docker/certs.d/{request.Host}:{request.Port}/ca.crt");
            return Task.FromResult(ExitCode.Success);
        });
        return command;
    }

    private static RegistryRequest Request(Invocation invocation, string folder)
    {
        var (account, host, port) = (invocation.Parsed.GetRequiredValue(Account), invocation.Parsed.GetRequiredValue(Host), invocation.Parsed.GetValue(Port));
        if (!account.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_') || account.Length == 0)
        {
            throw new OperationError(ErrorKind.Configuration, $"\"{account}\" is no account name", "use letters, digits, dots, dashes and underscores");
        }
        if (Uri.CheckHostName(host) is not UriHostNameType.Dns)
        {
            throw new OperationError(ErrorKind.Configuration, $"\"{host}\" is no host name", "give the name alone, like registry.example.edu; the port has its own option");
        }
        if (port is < 1 or > 65535)
        {
            throw new OperationError(ErrorKind.Configuration, $"{port} is no port", "give one from 1 to 65535");
        }
        var password = new RegistryAddress("", "", account, invocation.Parsed.GetRequiredValue(PasswordFile).FullName).Password()!;
        return new(folder, host, port, account, password, RegistryFiles.Pinned(ImageLock.Read(invocation.LockFile())), invocation.Parsed.GetValue(Authority)?.FullName);
    }
}
