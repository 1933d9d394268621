using System.CommandLine;
using Provost.Cli.Installations;
using Provost.Cli.Output;
using Provost.Runbooks.Backups;
using Provost.Runbooks.Backups.Pruning;

namespace Provost.Cli.Commands;

/// <summary>provost backup prune: the plan first; with --yes, or after it was confirmed, what it says.</summary>
internal static class BackupPruneCommand
{
    private static readonly Option<bool> Yes = new("--yes") { Description = "Carry the plan out without asking" };

    private static readonly Option<string?> Drop = new("--drop") { Description = "Also remove this backup, whatever retention says", HelpName = "ID" };

    public static Command Create(Option<string?> to)
    {
        var command = new Command("prune", "Show which backups retention does not keep, and remove them; exit 2 when a plan was only shown") { to, Yes, Drop };
        command.DoesAtStores(async (invocation, site) =>
        {
            var terminal = invocation.Terminal;
            using var repositories = await OpenedRepositories.OpenAsync(site, site.Places(invocation.Parsed.GetValue(to)), null, invocation.Cancellation);
            var isWhole = BackupCommand.SayUnopened(terminal, repositories);
            var runbook = new PruneRunbook(site, invocation.Time, terminal.Say, invocation.Parsed.GetValue(Drop));
            var plan = runbook.Plan(repositories);
            var removed = plan.Sum(p => p.Backups.Count(b => !b.IsKept));
            if (!terminal.Json)
            {
                Print(terminal, plan);
            }
            if (!invocation.Parsed.GetValue(Yes) && !(terminal.IsInteractive && removed > 0 && Confirmed(terminal, removed)))
            {
                Answer(terminal, plan, false);
                return !isWhole ? ExitCode.Failed : removed == 0 ? ExitCode.Success : ExitCode.Changes;
            }
            Answer(terminal, await runbook.RunAsync(repositories, invocation.Cancellation), true);
            return isWhole ? ExitCode.Success : ExitCode.Failed;
        }, new StoresRequest(OnKubernetes: true));
        return command;
    }

    private static void Print(Terminal terminal, IReadOnlyList<PrunedPlace> plan)
    {
        foreach (var place in plan)
        {
            foreach (var backup in place.Backups)
            {
                terminal.Output.WriteLine($"{place.Name,-12} {backup.Id}  {(backup.IsKept ? "keep   " + string.Join(", ", backup.Reasons) : "remove")}");
            }
        }
    }

    private static bool Confirmed(Terminal terminal, int removed)
    {
        terminal.Talk.Write($"Remove {removed} backups? [y/N] ");
        return terminal.Input.ReadLine()?.Trim() is "y" or "yes";
    }

    private static void Answer(Terminal terminal, IReadOnlyList<PrunedPlace> places, bool applied)
    {
        if (terminal.Json)
        {
            terminal.Write(new PruneAnswer(applied, places), BackupJson.Plain.PruneAnswer);
        }
    }
}
