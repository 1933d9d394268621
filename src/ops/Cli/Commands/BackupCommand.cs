using System.CommandLine;
using System.Globalization;
using Provost.Cli.Installations;
using Provost.Cli.Output;
using Provost.Runbooks;
using Provost.Runbooks.Backups;
using Provost.Runbooks.Backups.Checking;
using Provost.Runbooks.Backups.Keys;
using Provost.Runbooks.Backups.Making;

namespace Provost.Cli.Commands;

/// <summary>provost backup: makes backups, lists, checks and thins them out.</summary>
internal static class BackupCommand
{
    private static readonly Option<string?> To = new("--to") { Description = "Only this destination of provost.yaml (default: all of them)", HelpName = "NAME" };

    private static readonly Option<bool> Restore = new("--restore") { Description = "Also restore the newest backup to scratch stores and count what they hold" };

    private static readonly Option<string?> Accept = new("--accept") { Description = "Take an older copy of this destination, which was put back, as the valid one", HelpName = "NAME" };

    private static readonly Argument<string> Place = new("DESTINATION") { Description = "A destination of provost.yaml with a bucket" };

    public static Command Create() => new("backup", "Make backups, list, check and thin them out")
    {
        CreateVerb(), List(), Verify(), BackupPruneCommand.Create(To), BackupErasuresCommand.Create(), Login(),
    };

    internal static string Size(long bytes) => bytes >= 1 << 20
        ? string.Create(CultureInfo.InvariantCulture, $"{bytes / 1048576.0:0.0} MiB") : string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024.0:0.0} KiB");

    /// <summary>A destination that could not be looked at is no empty one.</summary>
    /// <returns>Whether there was none.</returns>
    internal static bool SayUnopened(Terminal terminal, OpenedRepositories repositories)
    {
        foreach (var place in repositories.Failures)
        {
            terminal.Say($"NOT at {place.Name}: {place.Error.Message}");
        }
        return repositories.Failures.Count == 0;
    }

    private static Command CreateVerb()
    {
        var command = new Command("create", "Make a backup: one cut of all stores, configuration, secrets and the ledger") { To };
        command.DoesAtStores(async (invocation, site) =>
        {
            var terminal = invocation.Terminal;
            var created = await new BackupRunbook(site, invocation.Time, terminal.Say, courteous: true).CreateAsync(invocation.Parsed.GetValue(To), invocation.Cancellation);
            if (terminal.Json)
            {
                terminal.Write(created, BackupJson.Plain.CreatedBackup);
            }
            else
            {
                terminal.Say(string.Create(CultureInfo.InvariantCulture, $"Finished in {created.Seconds:0.0} s: {Size(created.Bytes)}, of them {Size(created.NewBytes)} new (compressed)."));
                terminal.Output.WriteLine(created.Id);
            }
            foreach (var place in created.Places.Where(p => p.Problem is not null))
            {
                terminal.Say($"NOT at {place.Name}: {place.Problem}");
            }
            return created.Places.All(p => p.Problem is null) ? ExitCode.Success : ExitCode.Failed;
        }, new StoresRequest(OnKubernetes: true));
        return command;
    }

    private static Command List()
    {
        var command = new Command("list", "List backups, oldest first") { To, RecoveryKitCommand.From, RecoveryKitCommand.Kit };
        command.DoesAtStores(async (invocation, site) =>
        {
            var terminal = invocation.Terminal;
            using var repositories = await OpenedRepositories.OpenAsync(site, Places(invocation, site), RecoveryKitCommand.Given(invocation), invocation.Cancellation);
            var (backups, exitCode) = (BackupList.Of(repositories), SayUnopened(terminal, repositories) ? ExitCode.Success : ExitCode.Failed);
            if (terminal.Json)
            {
                terminal.Write(backups, BackupJson.Plain.IReadOnlyListListedBackup);
                return exitCode;
            }
            foreach (var backup in backups)
            {
                terminal.Output.WriteLine($"{backup.Id}  {backup.At:u}  {Size(backup.Bytes),12}  +{Size(backup.NewBytes),-12} {backup.Release,-24} {string.Join(", ", backup.Places)}");
            }
            return exitCode;
        }, RecoveryKitCommand.Elsewhere with { OnKubernetes = true });
        return command;
    }

    private static Command Verify()
    {
        var command = new Command("verify", "Read every byte and check every signature; exit 0 only when all is as it was written") { To, Restore, Accept, RecoveryKitCommand.From, RecoveryKitCommand.Kit };
        command.DoesAtStores(async (invocation, site) =>
        {
            var terminal = invocation.Terminal;
            var accept = invocation.Parsed.GetValue(Accept);
            var runbook = new VerifyRunbook(site, invocation.Time, terminal.Say);
            using var repositories = await runbook.OpenAsync(accept is null ? Places(invocation, site) : site.Places(accept), RecoveryKitCommand.Given(invocation), invocation.Cancellation);
            var result = await runbook.RunAsync(repositories, invocation.Parsed.GetValue(Restore), accept is not null, invocation.Cancellation);
            if (terminal.Json)
            {
                terminal.Write(result, BackupJson.Plain.VerifyResult);
            }
            else
            {
                Print(terminal, result);
            }
            return result.Passed ? ExitCode.Success : ExitCode.Failed;
        }, RecoveryKitCommand.Elsewhere with { OnKubernetes = true });
        return command;
    }

    private static IReadOnlyList<BackupPlace> Places(Invocation invocation, BackupSite site) =>
        RecoveryKitCommand.Places(site, invocation.Parsed.GetValue(RecoveryKitCommand.From) ?? invocation.Parsed.GetValue(To));

    private static void Print(Terminal terminal, VerifyResult result)
    {
        foreach (var place in result.Places)
        {
            terminal.Output.WriteLine($"{place.Name,-12} {place.Backups} backups, {place.Files} files, {Size(place.Bytes)}: {(place.Problems.Count == 0 ? "as written" : $"{place.Problems.Count} problems")}");
            foreach (var problem in place.Problems)
            {
                terminal.Output.WriteLine($"  {problem}");
            }
        }
        if (result.Restored is not null)
        {
            terminal.Output.WriteLine($"{result.Restored} was restored to scratch stores: they hold what the stores held at the cut");
        }
    }

    private static Command Login()
    {
        var command = new Command("login", "Keep the keys of a bucket: access key and secret key, one on each line of standard input") { Place };
        command.DoesAtStores((invocation, site) =>
        {
            var (terminal, place) = (invocation.Terminal, invocation.Parsed.GetValue(Place)!);
            if (!site.Settings.Destinations.TryGetValue(place, out var destination) || destination.Bucket is null)
            {
                throw new OperationError(ErrorKind.Configuration, $"\"{place}\" is no destination with a bucket", "write it below sites.NAME.backup.destinations in provost.yaml first");
            }
            if (terminal.IsInteractive)
            {
                terminal.Say("Access key, then secret key, each followed by Enter:");
            }
            if (terminal.Input.ReadLine()?.Trim() is not { Length: > 0 } access || terminal.Input.ReadLine()?.Trim() is not { Length: > 0 } secret)
            {
                throw new OperationError(ErrorKind.Refused, "standard input holds no two lines", $"printf '%s\\n%s\\n' ACCESS SECRET | provost backup login {place}");
            }
            BucketKeys.Write(site.State, place, new BucketKeys(access, secret));
            terminal.Say($"Kept for {place}.");
            if (terminal.Json)
            {
                terminal.Write(new DoneAnswer(site.Installation.Name, $"keys of {place} kept"), AnswerJson.Plain.DoneAnswer);
            }
            return Task.FromResult(ExitCode.Success);
        });
        return command;
    }
}
