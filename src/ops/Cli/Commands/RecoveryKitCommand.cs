using System.CommandLine;
using Provost.Cli.Installations;
using Provost.Cli.Output;
using Provost.Runbooks;
using Provost.Runbooks.Backups;
using Provost.Runbooks.Backups.Keys;

namespace Provost.Cli.Commands;

/// <summary>provost recovery-kit: the key for paper that opens the backups when the installation is gone.</summary>
internal static class RecoveryKitCommand
{
    private const long LargestKit = 1 << 16;

    private static readonly Argument<string> KitFile = new("FILE") { Description = "The kit as it was printed; - for standard input" };

    internal static Option<string?> Kit { get; } = new("--kit") { Description = "Open the repository with this recovery kit instead of the installation's key; - for standard input", HelpName = "FILE" };

    internal static Option<string?> From { get; } = new("--from") { Description = "A destination of provost.yaml, the directory of a repository, or a bucket: s3://BUCKET/PREFIX?endpoint=URL or https://HOST/BUCKET/PREFIX, its keys in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY", HelpName = "PLACE" };

    public static Command Create() => new("recovery-kit", "Make and check the key for paper that opens the backups when the installation is gone") { CreateVerb(), Check(), Adopt() };

    internal static RecoveryKit Read(Terminal terminal, string file) => RecoveryKit.Parse(file == "-" ? terminal.Input.ReadToEnd() : Text(file));

    internal static string Text(string file)
    {
        var info = new FileInfo(file);
        return info.Exists && info.Length <= LargestKit ? File.ReadAllText(file) : throw new OperationError(
            ErrorKind.Refused, info.Exists ? $"{file} is too large to be a recovery kit" : $"there is no file {file}", "give the file that provost recovery-kit create printed; - reads standard input");
    }

    /// <summary>A name of provost.yaml, or a repository anywhere.</summary>
    internal static IReadOnlyList<BackupPlace> Places(BackupSite site, string? from) =>
        from is null || site.Settings.Destinations.ContainsKey(from) || !RepositoryAddress.Is(from) ? site.Places(from) : [RepositoryAddress.Open(from)];

    /// <summary>The kit that --kit names; null for the installation's own key.</summary>
    internal static RecoveryKit? Given(Invocation invocation) => invocation.Parsed.GetValue(Kit) is { } file ? Read(invocation.Terminal, file) : null;

    /// <summary>For verbs that open a repository wherever it lies.</summary>
    internal static StoresRequest Elsewhere { get; } = new(p => p.GetValue(Kit), p => p.GetValue(From));

    private static Command CreateVerb()
    {
        var command = new Command("create", "Make a recovery kit and show it, once: print it, and keep it away from this machine");
        command.DoesAtStores(async (invocation, site) =>
        {
            var terminal = invocation.Terminal;
            var (kit, document) = await KitRunbook.CreateAsync(site, invocation.Time, invocation.Cancellation);
            if (terminal.Json)
            {
                terminal.Write(document, BackupJson.Plain.KitDocument);
                return ExitCode.Success;
            }
            terminal.Output.WriteLine($"""
                RECOVERY KIT {kit.Id} of {document.Installation}, {document.Created:u}

                  {document.Key}

                Whoever has this key and one of the repositories below can read every backup. Without it, and without the
                installation, nobody can. It is shown this once.

                {string.Join('\n', document.Repositories.Select(r => "  " + r))}

                To restore on an empty machine:   provost restore --into DIR --from PLACE --kit FILE
                To check this kit, once a year:   provost recovery-kit check FILE
                """);
            terminal.Say("Print it and keep it away from this machine.");
            return ExitCode.Success;
        });
        return command;
    }

    private static Command Adopt()
    {
        var command = new Command("adopt", "Give an installation that lost its key for backups the one that this recovery kit opens") { KitFile, From };
        command.DoesAtStores(async (invocation, site) =>
        {
            var terminal = invocation.Terminal;
            var kit = Read(terminal, invocation.Parsed.GetValue(KitFile)!);
            var checks = await KitRunbook.AdoptAsync(site, Places(site, invocation.Parsed.GetValue(From)), kit, invocation.Cancellation);
            terminal.Say("This installation has its key for backups again.");
            return Print(terminal, checks);
        }, new StoresRequest(p => p.GetValue(KitFile), p => p.GetValue(From)));
        return command;
    }

    private static ExitCode Print(Terminal terminal, IReadOnlyList<KitCheck> checks)
    {
        if (terminal.Json)
        {
            terminal.Write(checks, BackupJson.Plain.IReadOnlyListKitCheck);
        }
        else
        {
            foreach (var check in checks)
            {
                terminal.Output.WriteLine(check.Opens ? $"opens {check.Place}, newest backup {check.Newest ?? "none"}" : $"does NOT open {check.Place}: {check.Problem}");
            }
        }
        return checks.All(c => c.Opens) ? ExitCode.Success : ExitCode.Refused;
    }

    private static Command Check()
    {
        var command = new Command("check", "Check that a recovery kit opens every repository; exit 0 only then") { KitFile, From };
        command.DoesAtStores(async (invocation, site) =>
        {
            var terminal = invocation.Terminal;
            var kit = Read(terminal, invocation.Parsed.GetValue(KitFile)!);
            var checks = await KitRunbook.CheckAsync(Places(site, invocation.Parsed.GetValue(From)), kit, invocation.Cancellation);
            return Print(terminal, checks);
        }, new StoresRequest(p => p.GetValue(KitFile), p => p.GetValue(From)));
        return command;
    }
}
