using System.Globalization;
using Provost.Runbooks.Doctor;

namespace Provost.Runbooks.Backups;

/// <summary>How good the backups of a site are at this moment. What counts is the newest one that was verified.</summary>
/// <param name="VerifiedAgeSeconds">Null when none was ever verified.</param>
public sealed record BackupHealth(DateTimeOffset? LastAt, DateTimeOffset? VerifiedAt, double? VerifiedAgeSeconds, double TargetSeconds, string? Problem)
{
    public bool IsWell => Problem is null && VerifiedAgeSeconds <= TargetSeconds;

    public static BackupHealth Of(BackupSite site, TimeProvider time)
    {
        var notes = BackupNotes.Read(site);
        return new BackupHealth(
            notes.LastAt, notes.VerifiedAt, notes.VerifiedAt is { } at ? Math.Round((time.GetUtcNow() - at).TotalSeconds) : null, site.Settings.Rpo.TotalSeconds, notes.Problem);
    }

    public override string ToString() => this switch
    {
        { LastAt: null, Problem: null } => "none made yet",
        { Problem: { } problem } => $"the last one failed: {problem}",
        { VerifiedAgeSeconds: null } => "none verified yet",
        _ => string.Create(CultureInfo.InvariantCulture, $"newest verified backup is {VerifiedAgeSeconds / 3600:0.0} h old, target {TargetSeconds / 3600:0.0} h"),
    };

    /// <summary>What doctor says.</summary>
    public static IEnumerable<Finding> Examine(BackupSite site, TimeProvider time)
    {
        var health = Of(site, time);
        // A site that is an hour old need not have a backup yet; one that promised a time must keep it.
        var isYoung = File.Exists(site.State.Started) && time.GetUtcNow() - File.GetLastWriteTimeUtc(site.State.Started) < site.Settings.Rpo && health.LastAt is null;
        yield return health.IsWell || (isYoung && health.Problem is null)
            ? new Finding("backup", true, health.ToString(), null)
            : new Finding("backup", false, health.ToString(), health.Problem is null && health.LastAt is not null ? "provost backup verify" : "provost backup create && provost backup verify");
    }
}
