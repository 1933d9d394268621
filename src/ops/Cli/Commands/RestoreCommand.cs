using System.CommandLine;
using System.Globalization;
using Provost.Cli.Output;
using Provost.Runbooks.Backups;
using Provost.Runbooks.Backups.Restoring;
using Provost.Runbooks.Locks;

namespace Provost.Cli.Commands;

/// <summary>provost restore: checks a backup, brings it back beside what is there, counts it, and only then puts it into place.</summary>
internal static class RestoreCommand
{
    private static readonly Argument<string?> Id = new("ID") { Description = "A backup of provost backup list (default: the newest)", Arity = ArgumentArity.ZeroOrOne };

    private static readonly Option<string?> Into = new("--into") { Description = "Restore the whole installation to this folder, which must be empty", HelpName = "DIR" };

    private static readonly Option<bool> Replace = new("--replace") { Description = "Stop the site and set its state aside (it is kept), then put the backup into its place" };

    public static Command Create()
    {
        var command = new Command("restore", "Bring a backup back; live data are never written over") { Id, Into, Replace, RecoveryKitCommand.From, RecoveryKitCommand.Kit };
        command.Does(async invocation =>
        {
            var (terminal, parsed) = (invocation.Terminal, invocation.Parsed);
            var site = BackupCommand.SiteOf(invocation.Load());
            var kit = parsed.GetValue(RecoveryKitCommand.Kit) is { } file ? RecoveryKitCommand.Read(terminal, file) : null;
            var request = new RestoreRequest(site, parsed.GetValue(Id), parsed.GetValue(Into), parsed.GetValue(Replace));
            using var repositories = await OpenedRepositories.OpenAsync(site, RecoveryKitCommand.Places(site, parsed.GetValue(RecoveryKitCommand.From)), kit, invocation.Cancellation);
            using var alone = request.Into is null && site.State.Exists ? OperationLock.Take(site.State, "restore", invocation.Time) : null;
            var restored = await new RestoreRunbook(request, invocation.Time, terminal.Say).RunAsync(repositories, invocation.Cancellation);
            Report(terminal, restored);
            return ExitCode.Success;
        });
        return command;
    }

    private static void Report(Terminal terminal, RestoredBackup restored)
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
            terminal.Say($"What was there before is kept at {aside}.");
        }
        terminal.Output.WriteLine(restored.Folder);
        terminal.Say($"Next: cd {restored.Folder} && provost up -d");
    }
}
