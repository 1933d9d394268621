using System.Globalization;
using System.Text;
using Provost.Runbooks.Backups;
using Provost.Runbooks.Ledgers;
using Provost.Topology.Model;

namespace Provost.Runbooks.Drills;

/// <summary>The evidence of backups and drills as a page that an auditor can read: every figure stands in the ledger too.</summary>
public static class DrillReport
{
    private static readonly string[] Verbs = ["drill restore", "drill failover", "drill deploy", "backup verify", "restore"];

    public static string Render(BackupSite site, TimeProvider time)
    {
        var ledger = Ledger.Of(site.State, time);
        var (whole, entries, notes) = (ledger.Verify(), ledger.Read(), BackupNotes.Read(site));
        var page = new StringBuilder();
        page.Append(CultureInfo.InvariantCulture, $"""
            # Recovery evidence: {site.Installation.Name}, site {site.SiteName}

            Made {time.GetUtcNow():u} from the ledger of the installation: {whole.Entries} entries, {(whole.Whole ? "unbroken" : $"BROKEN at line {whole.Line}: {whole.Problem}")}, head `{whole.Head}`.

            | objective | target | evidence |
            |---|---|---|
            | recovery time (RTO) | {Duration.Format(site.Settings.Rto)} | {Last(entries, "drill restore", "rtoSeconds", "s")} |
            | recovery point (RPO) | {Duration.Format(site.Settings.Rpo)} | newest verified backup: {Age(BackupHealth.Of(notes, site.Settings, time).VerifiedAt, time)} |
            | acknowledged writes lost | 0 | {Last(entries, "drill restore", "lostWrites", "")} |

            """);
        foreach (var verb in Verbs.Where(v => entries.Any(e => e.Verb == v)))
        {
            page.Append(CultureInfo.InvariantCulture, $"\n## {verb}\n\n| ledger line | when (UTC) | who | subject | result | seconds | figures |\n|---|---|---|---|---|---|---|\n");
            foreach (var entry in entries.Where(e => e.Verb == verb).Reverse())
            {
                page.Append(CultureInfo.InvariantCulture, $"| {entry.Number} | {entry.At.UtcDateTime:yyyy-MM-dd HH:mm:ss} | {entry.Who} | {entry.Subject} | {entry.Result} | {entry.Seconds:0.0} | {Figures(entry)} |\n");
            }
        }
        page.Append("\nCheck it yourself: `provost ledger verify`, `provost ledger list --tail 0`. Rehearse it yourself: `provost drill restore`.\n");
        return page.ToString();
    }

    private static string Last(IReadOnlyList<LedgerEntry> entries, string verb, string figure, string unit) =>
        entries.LastOrDefault(e => e.Verb == verb) is { } last
            ? string.Create(CultureInfo.InvariantCulture, $"{last.Details?[figure]} {unit} ({last.Result}, {last.At.UtcDateTime:yyyy-MM-dd})") : "not rehearsed yet";

    private static string Age(DateTimeOffset? at, TimeProvider time) =>
        at is { } cut ? string.Create(CultureInfo.InvariantCulture, $"{(time.GetUtcNow() - cut).TotalHours:0.0} h old") : "none yet";

    private static string Figures(LedgerEntry entry) => entry.Details is null ? "" : string.Join(", ", entry.Details.Where(d => d.Value is not null).Select(d => $"{d.Key} {d.Value!.ToJsonString().Replace("|", "\\|", StringComparison.Ordinal)}"));
}
