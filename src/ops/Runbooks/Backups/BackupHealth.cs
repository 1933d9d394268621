using System.Globalization;
using Provost.Runbooks.Doctor;
using Provost.Topology.Model;

namespace Provost.Runbooks.Backups;

/// <summary>How good the backups of a site are at this moment. What counts is the newest one that was verified.</summary>
/// <param name="VerifiedAgeSeconds">Null when none was ever verified.</param>
public sealed record BackupHealth(DateTimeOffset? LastAt, DateTimeOffset? VerifiedAt, double? VerifiedAgeSeconds, double TargetSeconds, string? Problem)
{
    /// <summary>Destinations with backups that no recovery kit opens: when this installation is lost, they are too.</summary>
    public IReadOnlyList<string> WithoutKit { get; init; } = [];

    public bool IsWell => Problem is null && VerifiedAgeSeconds <= TargetSeconds;

    public static BackupHealth Of(BackupSite site, TimeProvider time) => Of(BackupNotes.Read(site), site.Settings, time);

    public static BackupHealth Of(BackupNotes notes, Backup settings, TimeProvider time) => new(
        notes.LastAt, notes.VerifiedAt, notes.VerifiedAt is { } at ? Math.Round((time.GetUtcNow() - at).TotalSeconds) : null, settings.Rpo.TotalSeconds, notes.Problem)
    {
        WithoutKit = [.. settings.Destinations.Keys.Where(place => notes.Kits.GetValueOrDefault(place, 1) == 0).Order(StringComparer.Ordinal)],
    };

    public override string ToString() => this switch
    {
        { LastAt: null, Problem: null } => "none made yet",
        { Problem: { } problem } => $"the last one failed: {problem}",
        { VerifiedAgeSeconds: null } => "none verified yet",
        _ => string.Create(CultureInfo.InvariantCulture, $"newest verified backup is {VerifiedAgeSeconds / 3600:0.0} h old, target {TargetSeconds / 3600:0.0} h"),
    };

    /// <summary>What doctor says.</summary>
    /// <param name="started">The mark of a site that was ready once.</param>
    public static IEnumerable<Finding> Examine(BackupHealth health, string started, TimeProvider time)
    {
        // A site that is an hour old need not have a backup or a kit yet; one that promised a time must keep it.
        var isYoung = File.Exists(started) && (time.GetUtcNow() - File.GetLastWriteTimeUtc(started)).TotalSeconds < health.TargetSeconds;
        yield return health.IsWell || (isYoung && health is { Problem: null, LastAt: null })
            ? new Finding("backup", true, health.ToString(), null)
            : new Finding("backup", false, health.ToString(), health.Problem is null && health.LastAt is not null ? "provost backup verify" : "provost backup create && provost backup verify");
        foreach (var place in health.WithoutKit)
        {
            yield return new Finding(
                "recovery-kit", isYoung, $"no recovery kit opens the destination {place}: if this machine is lost, its backups cannot be read", "provost recovery-kit create, print it, and keep it away from this machine");
        }
    }
}
