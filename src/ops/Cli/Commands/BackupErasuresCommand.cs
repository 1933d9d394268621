using System.CommandLine;
using Provost.Cli.Installations;
using Provost.Cli.Output;
using Provost.Runbooks.Backups.Making;

namespace Provost.Cli.Commands;

/// <summary>provost backup erasures: every destination learns who was erased since the newest backup; the agent runs it within a minute.</summary>
internal static class BackupErasuresCommand
{
    public static Command Create()
    {
        var command = new Command("erasures", "Tell every destination who was erased since the newest backup, so that a restore erases them again");
        command.DoesAtStores(async (invocation, site) =>
        {
            var terminal = invocation.Terminal;
            var sent = await new ErasureRunbook(site, invocation.Time).SendAsync(invocation.Cancellation);
            if (terminal.Json)
            {
                terminal.Write(sent, BackupJson.Plain.SentErasures);
            }
            else
            {
                terminal.Say($"{sent.Erasures} erasures; new at: {string.Join(", ", sent.Places.Where(p => p.NewBytes > 0).Select(p => p.Name).DefaultIfEmpty("no destination"))}.");
            }
            foreach (var place in sent.Places.Where(p => p.Problem is not null))
            {
                terminal.Say($"NOT at {place.Name}: {place.Problem}");
            }
            return sent.Places.All(p => p.Problem is null) ? ExitCode.Success : ExitCode.Failed;
        }, new StoresRequest(OnKubernetes: true));
        return command;
    }
}
