using System.CommandLine;
using Provost.Cli.Installations;
using Provost.Cli.Output;
using Provost.Runbooks.Backups.Restoring;
using Provost.Runbooks.Locks;

namespace Provost.Cli.Commands;

/// <summary>provost restore --discard: what earlier restores set aside; with --yes, or after it was confirmed, it is removed.</summary>
internal static class RestoreDiscard
{
    internal static Option<bool> Discard { get; } = new("--discard") { Description = "Show what earlier restores set aside, and remove it for good; exit 2 when it was only shown" };

    internal static Option<bool> Yes { get; } = new("--yes") { Description = "With --discard: remove it without asking" };

    public static async Task<ExitCode> RunAsync(Invocation invocation, LoadedInstallation loaded)
    {
        var (terminal, aside) = (invocation.Terminal, new SetAside(loaded.TargetSite()));
        using var alone = loaded.State.Exists ? OperationLock.Take(loaded.State, "restore --discard", invocation.Time) : null;
        var listed = await aside.ListAsync(invocation.Cancellation);
        if (!terminal.Json)
        {
            listed.ToList().ForEach(terminal.Output.WriteLine);
        }
        var agreed = listed.Count > 0 && (invocation.Parsed.GetValue(Yes) || (terminal.IsInteractive && Confirmed(terminal, listed.Count)));
        if (agreed)
        {
            await aside.RemoveAsync(listed, invocation.Cancellation);
        }
        if (terminal.Json)
        {
            terminal.Write(new DiscardAnswer(agreed, listed), BackupJson.Plain.DiscardAnswer);
        }
        return agreed || listed.Count == 0 ? ExitCode.Success : ExitCode.Changes;
    }

    private static bool Confirmed(Terminal terminal, int count)
    {
        terminal.Talk.Write($"Remove these {count} for good? [y/N] ");
        return terminal.Input.ReadLine()?.Trim() is "y" or "yes";
    }
}
