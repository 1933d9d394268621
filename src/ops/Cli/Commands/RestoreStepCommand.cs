using System.CommandLine;
using Provost.Cli.Installations;
using Provost.Cli.Output;
using Provost.Runbooks.Backups;
using Provost.Runbooks.Backups.Restoring;

namespace Provost.Cli.Commands;

/// <summary>provost restore-step: what a restore into a site of containers has its backup container do. Hidden from help.</summary>
internal static class RestoreStepCommand
{
    private static readonly Argument<string?> Id = new("ID") { Description = "A backup (default: the newest)", Arity = ArgumentArity.ZeroOrOne };

    public static Command Create() => new Command("restore-step", "One step of a restore into containers")
    {
        Stage(),
        Step("erasures", "Note who was erased since, from the stores that stand", (staged, invocation) => staged.NoteErasuresAsync(invocation.Cancellation)),
        Step("keys", "Give the keys of the data to new secrets", (staged, _) => Now(staged.GiveKeys)),
        Step("fill", "Fill new stores, and count them", async (staged, invocation) =>
            invocation.Terminal.Write(await staged.FillAsync(invocation.Cancellation), BackupJson.Plain.FilledStores)),
        Step("remove", "Remove what was staged", (staged, _) => Now(staged.Remove)),
    }.Hide();

    private static Command Stage()
    {
        var command = new Command("stage", "Check every byte of a backup, restore it to a folder, and count it") { Id, RestoreCommand.DespiteDamage, RecoveryKitCommand.From, RecoveryKitCommand.Kit };
        command.Does(async invocation =>
        {
            var (parsed, site) = (invocation.Parsed, invocation.Load().BackupSite());
            var staged = Staged(invocation);
            var request = new RestoreRequest(site, parsed.GetValue(Id), staged.Folder, Replace: false) { DespiteDamage = parsed.GetValue(RestoreCommand.DespiteDamage) };
            var kit = RecoveryKitCommand.Given(invocation);
            using var repositories = await OpenedRepositories.OpenAsync(site, RecoveryKitCommand.Places(site, parsed.GetValue(RecoveryKitCommand.From)), kit, invocation.Cancellation);
            invocation.Terminal.Write(await staged.StageAsync(request, repositories, invocation.Cancellation), BackupJson.Plain.RestoredBackup);
            return ExitCode.Success;
        });
        return command;
    }

    private static Command Step(string name, string description, Func<StagedRestore, Invocation, Task> step)
    {
        var command = new Command(name, description);
        command.Does(async invocation =>
        {
            await step(Staged(invocation), invocation);
            return ExitCode.Success;
        });
        return command;
    }

    private static StagedRestore Staged(Invocation invocation) => new(invocation.Load().BackupSite(), invocation.Time, invocation.Terminal.Say);

    private static Task Now(Action action)
    {
        action();
        return Task.CompletedTask;
    }

    private static Command Hide(this Command command)
    {
        command.Hidden = true;
        return command;
    }
}
