using System.CommandLine;
using System.Globalization;
using Provost.Cli.Output;
using Provost.Runbooks.Ledgers;

namespace Provost.Cli.Commands;

/// <summary>provost ledger: what was done to the installation, and whether that record is whole.</summary>
internal static class LedgerCommand
{
    private static readonly Option<string?> Of = new("--verb") { Description = "Only entries of this verb: deploy, backup", HelpName = "VERB" };

    private static readonly Option<int> Tail = new("--tail") { Description = "Only so many of the newest entries; 0 for all", DefaultValueFactory = _ => 50, HelpName = "N" };

    public static Command Create() => new("ledger", "Show and check the record of releases, backups and drills") { List(), Verify() };

    private static Command List()
    {
        var command = new Command("list", "Show what was done, oldest first") { Of, Tail };
        command.Does(invocation =>
        {
            var (verb, tail) = (invocation.Parsed.GetValue(Of), invocation.Parsed.GetValue(Tail));
            IEnumerable<LedgerEntry> entries = Ledger.Of(invocation.Load().State, invocation.Time).Read()
                .Where(e => verb is null || e.Verb == verb || e.Verb.StartsWith(verb + " ", StringComparison.Ordinal));
            IReadOnlyList<LedgerEntry> shown = [.. tail > 0 ? entries.TakeLast(tail) : entries];
            if (invocation.Terminal.Json)
            {
                invocation.Terminal.Write(shown, OperationJson.Plain.IReadOnlyListLedgerEntry);
                return Task.FromResult(ExitCode.Success);
            }
            foreach (var entry in shown)
            {
                var at = entry.At.ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
                invocation.Terminal.Output.WriteLine(string.Create(
                    CultureInfo.InvariantCulture, $"{entry.Number,5}  {at}  {entry.Verb,-16} {entry.Subject,-32} {entry.Result,-9} {entry.Seconds,7:0.0} s  {entry.Who}"));
            }
            return Task.FromResult(ExitCode.Success);
        });
        return command;
    }

    private static Command Verify()
    {
        var command = new Command("verify", "Check that no line was changed, removed, added or moved; exit 0 only then");
        command.Does(invocation =>
        {
            var found = Ledger.Of(invocation.Load().State, invocation.Time).Verify();
            if (invocation.Terminal.Json)
            {
                invocation.Terminal.Write(new LedgerAnswer(found.Whole, found.Entries, found.Head, found.Line, found.Problem), OperationJson.Plain.LedgerAnswer);
            }
            else
            {
                invocation.Terminal.Output.WriteLine(found.Whole
                    ? $"whole: {found.Entries} entries, head {found.Head[..16]}"
                    : $"NOT whole: line {found.Line} {found.Problem}");
            }
            return Task.FromResult(found.Whole ? ExitCode.Success : ExitCode.Failed);
        });
        return command;
    }
}
