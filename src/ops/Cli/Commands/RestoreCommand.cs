using System.CommandLine;
using System.Globalization;
using Provost.Cli.Installations;
using Provost.Cli.Output;
using Provost.Runbooks;
using Provost.Runbooks.Backups;
using Provost.Runbooks.Backups.Restoring;
using Provost.Runbooks.Locks;
using Provost.Runbooks.Targets.Compose;
using Provost.Topology.Model;

namespace Provost.Cli.Commands;

/// <summary>provost restore: checks a backup, brings it back beside what is there, counts it, and only then puts it into place.</summary>
internal static class RestoreCommand
{
    private const string Stream = "-";

    private static readonly Argument<string?> Id = new("ID") { Description = "A backup of provost backup list (default: the newest)", Arity = ArgumentArity.ZeroOrOne };

    private static readonly Option<string?> Into = new("--into") { Description = "Restore the whole installation to this folder, which must be empty; - writes it to standard output as a tar archive", HelpName = "DIR" };

    private static readonly Option<bool> Replace = new("--replace") { Description = "Stop the site and set what it holds aside (it is kept), then put the backup into its place" };

    internal static Option<bool> DespiteDamage { get; } = new("--despite-damage") { Description = "Restore although other files of the repository are damaged; the backup itself must be whole" };

    public static Command Create()
    {
        var command = new Command("restore", "Bring a backup back; live data are never written over")
        {
            Id, Into, Replace, DespiteDamage, RecoveryKitCommand.From, RecoveryKitCommand.Kit, RestoreDiscard.Discard, RestoreDiscard.Yes,
        };
        command.Does(async invocation =>
        {
            var (loaded, parsed) = (invocation.Load(), invocation.Parsed);
            if (parsed.GetValue(RestoreDiscard.Discard))
            {
                return await RestoreDiscard.RunAsync(invocation, loaded);
            }
            if (AtStores.Placement is null && loaded.Site.Target is Target.Compose && parsed.GetValue(Into) is null)
            {
                Report(invocation.Terminal, await IntoContainersAsync(invocation, loaded), runs: true);
                return ExitCode.Success;
            }
            var isHere = AtStores.Placement is not null || loaded.Site.Target is not Target.Compose || AtStores.IsElsewhere(parsed.GetValue(RecoveryKitCommand.From));
            if (await (isHere ? RunAsync(invocation, loaded) : FromContainerAsync(invocation, loaded)) is { } restored)
            {
                Report(invocation.Terminal, restored, runs: false);
            }
            return ExitCode.Success;
        });
        return command;
    }

    /// <returns>Null when the restored folder itself is the answer.</returns>
    private static async Task<RestoredBackup?> RunAsync(Invocation invocation, LoadedInstallation loaded)
    {
        var (terminal, parsed, site) = (invocation.Terminal, invocation.Parsed, loaded.BackupSite());
        var kit = RecoveryKitCommand.Given(invocation);
        var streamed = parsed.GetValue(Into) == Stream;
        var request = new RestoreRequest(site, parsed.GetValue(Id), streamed ? RestoredArchive.FolderOf(site) : parsed.GetValue(Into), parsed.GetValue(Replace))
        {
            DespiteDamage = parsed.GetValue(DespiteDamage),
        };
        using var repositories = await OpenedRepositories.OpenAsync(site, RecoveryKitCommand.Places(site, parsed.GetValue(RecoveryKitCommand.From)), kit, invocation.Cancellation);
        using var alone = request.Into is null && site.State.Exists ? OperationLock.Take(site.State, "restore", invocation.Time) : null;
        var runbook = new RestoreRunbook(request, invocation.Time, terminal.Say);
        if (!streamed)
        {
            return await runbook.RunAsync(repositories, invocation.Cancellation);
        }
        await using var output = Console.OpenStandardOutput();
        await RestoredArchive.RunAsync(runbook, request, repositories, output, invocation.Cancellation);
        return null;
    }

    private static async Task<RestoredBackup> IntoContainersAsync(Invocation invocation, LoadedInstallation loaded)
    {
        var parsed = invocation.Parsed;
        var request = new ComposeRestoreRequest(
            parsed.GetValue(Id), parsed.GetValue(Replace), parsed.GetValue(DespiteDamage), parsed.GetValue(RecoveryKitCommand.From),
            parsed.GetValue(RecoveryKitCommand.Kit) is not { } kit ? null : kit == "-" ? invocation.Terminal.Input.ReadToEnd() : RecoveryKitCommand.Text(kit));
        using var alone = OperationLock.Take(loaded.State, "restore", invocation.Time);
        return await new ComposeRestore(loaded.TargetSite(), invocation.Time, invocation.Terminal.Say).RunAsync(request, invocation.Cancellation);
    }

    // Its own container has the key, the destinations and the programs; what it restores comes here as a stream.
    private static async Task<RestoredBackup?> FromContainerAsync(Invocation invocation, LoadedInstallation loaded)
    {
        var parsed = invocation.Parsed;
        if (parsed.GetValue(Into) is not { } into || into == Stream)
        {
            throw new OperationError(ErrorKind.Refused, "only the backup container itself writes a restored folder to standard output", "name a folder: provost restore --into DIR");
        }
        if (parsed.GetValue(RecoveryKitCommand.Kit) is not null)
        {
            throw new OperationError(
                ErrorKind.Refused, "the backup container opens its destinations with its own key",
                "leave --kit out; or, without the container, name the directory or the bucket of a repository: --from PLACE --kit FILE");
        }
        List<string> arguments = ["restore", .. parsed.GetValue(Id) is { } id ? new[] { id } : [], "--into", Stream];
        if (parsed.GetValue(DespiteDamage))
        {
            arguments.Add(DespiteDamage.Name);
        }
        if (parsed.GetValue(RecoveryKitCommand.From) is { } from)
        {
            arguments.AddRange([RecoveryKitCommand.From.Name, from]);
        }
        return await loaded.RequireContainers(invocation).RestoreAsync(arguments, into, invocation.Terminal.Say, invocation.Cancellation);
    }

    private static void Report(Terminal terminal, RestoredBackup restored, bool runs)
    {
        if (terminal.Json)
        {
            terminal.Write(restored, BackupJson.Plain.RestoredBackup);
            return;
        }
        terminal.Say(string.Create(CultureInfo.InvariantCulture, $"Finished in {restored.Seconds:0.0} s: the stores hold what they held at {restored.At:u}."));
        if (restored.ErasuresReplayed > 0)
        {
            terminal.Say($"{restored.ErasuresReplayed} erasures made since then were carried out again.");
        }
        if (restored.SetAside is { } aside)
        {
            terminal.Say($"What was there before is kept: {aside}. When nobody misses it: provost restore --discard");
        }
        terminal.Output.WriteLine(restored.Folder);
        terminal.Say(runs ? "The site runs with it." : $"Next: cd {restored.Folder} && provost up -d");
    }
}
