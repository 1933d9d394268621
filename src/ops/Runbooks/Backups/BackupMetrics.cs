using System.Globalization;
using System.Text;
using Provost.Topology.Model;

namespace Provost.Runbooks.Backups;

/// <summary>The figures that deploy/monitoring/backups.rules.yaml asks for, for the textfile collector of Prometheus' node exporter.</summary>
internal static class BackupMetrics
{
    public const string Name = "metrics.prom";

    public static string Of(BackupNotes notes, BackupSite site)
    {
        var (text, settings) = (new StringBuilder(), site.Settings);
        string place(string name) => $"{Labels(site)},destination=\"{name}\"";
        string drill(string name) => $"{Labels(site)},drill=\"{name}\"";
        var places = settings.Destinations.Keys.Order(StringComparer.Ordinal).Select(name => (Labels: place(name), Notes: notes.At(name))).ToList();
        var drills = Drills(site).Select(d => (Labels: drill(d.Name), d.Interval, Notes: notes.Drill(d.Name))).ToList();
        Add(text, "provost_backup_last_timestamp_seconds", "Cut of the newest backup at the destination", places.Select(p => (p.Labels, Seconds(p.Notes.LastAt))));
        Add(text, "provost_backup_verified_timestamp_seconds", "Cut of the newest verified backup at the destination", places.Select(p => (p.Labels, Seconds(p.Notes.VerifiedAt))));
        Add(text, "provost_backup_failed", "Whether the last backup did not arrive, or damage was found", places.Select(p => (p.Labels, Flag((notes.Problem ?? p.Notes.Problem ?? p.Notes.Damage) is not null))));
        Add(text, "provost_backup_restored_timestamp_seconds", "Cut of the newest backup that a scratch restore proved", [(Labels(site), Seconds(notes.RestoredAt))]);
        Add(text, "provost_backup_rpo_seconds", "Recovery point objective", [(Labels(site), settings.Rpo.TotalSeconds)]);
        Add(text, "provost_drill_passed_timestamp_seconds", "The last rehearsal that passed", drills.Select(d => (d.Labels, Seconds(d.Notes.PassedAt))));
        Add(text, "provost_drill_failed", "Whether the last rehearsal failed", drills.Select(d => (d.Labels, Flag(d.Notes.Failed))));
        Add(text, "provost_drill_interval_seconds", "Time between two rehearsals", drills.Select(d => (d.Labels, d.Interval)));
        return text.ToString();
    }

    private static IEnumerable<(string Name, double Interval)> Drills(BackupSite site)
    {
        yield return ("restore", site.Settings.Schedule.Drill.TotalSeconds);
        if (site.Site.Target is Target.Process)
        {
            yield return ("failover", site.Settings.Schedule.Failover.TotalSeconds);
        }
    }

    private static string Labels(BackupSite site) => $"installation=\"{Escaped(site.Installation.Name)}\",site=\"{Escaped(site.SiteName)}\"";

    private static string Escaped(string text) => text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);

    private static double Seconds(DateTimeOffset? at) => at?.ToUnixTimeSeconds() ?? 0;

    private static double Flag(bool raised) => raised ? 1 : 0;

    private static void Add(StringBuilder text, string name, string help, IEnumerable<(string Labels, double Value)> values)
    {
        text.Append(CultureInfo.InvariantCulture, $"# HELP {name} {help}\n# TYPE {name} gauge\n");
        foreach (var (labels, value) in values)
        {
            text.Append(CultureInfo.InvariantCulture, $"{name}{{{labels}}} {value:0}\n");
        }
    }
}
