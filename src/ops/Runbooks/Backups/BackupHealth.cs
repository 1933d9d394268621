using System.Globalization;
using Provost.Runbooks.Doctor;
using Provost.Topology.Model;

namespace Provost.Runbooks.Backups;

/// <summary>How good the backups of a site are at this moment. What counts is the newest one that was verified, at every destination.</summary>
/// <param name="VerifiedAt">Cut of the newest verified backup, at the destination where that is oldest; null when one has none.</param>
/// <param name="Problem">What failed or was found damaged, and where; null when nothing was.</param>
public sealed record BackupHealth(
    DateTimeOffset? LastAt, DateTimeOffset? VerifiedAt, double? VerifiedAgeSeconds, double TargetSeconds, string? Problem, IReadOnlyList<PlaceHealth> Places)
{
    /// <summary>Destinations with backups that no recovery kit opens: when this installation is lost, they are too.</summary>
    public IReadOnlyList<string> WithoutKit { get; init; } = [];

    public bool IsWell => Problem is null && VerifiedAgeSeconds <= TargetSeconds;

    public static BackupHealth Of(BackupSite site, TimeProvider time) => Of(BackupNotes.Read(site), site.Settings, time);

    public static BackupHealth Of(BackupNotes notes, Backup settings, TimeProvider time)
    {
        double? age(DateTimeOffset? at) => at is { } cut ? Math.Round((time.GetUtcNow() - cut).TotalSeconds) : null;
        List<PlaceHealth> places =
        [
            .. settings.Destinations.Keys.Order(StringComparer.Ordinal).Select(name => (name, Notes: notes.At(name)))
                .Select(p => new PlaceHealth(p.name, p.Notes.VerifiedAt, age(p.Notes.VerifiedAt), p.Notes.Damage ?? p.Notes.Problem)),
        ];
        var oldest = places.MinBy(p => p.VerifiedAt ?? DateTimeOffset.MinValue)?.VerifiedAt;
        var problem = notes.CopyOf is { } living ? $"this is a copy beside {living}, and makes none until you make one here: then it is the site" : notes.Problem ?? places.Where(p => p.Problem is not null).Select(p => $"{p.Name}: {p.Problem}").FirstOrDefault();
        return new BackupHealth(notes.LastAt, oldest, age(oldest), settings.Rpo.TotalSeconds, problem, places)
        {
            WithoutKit = [.. settings.Destinations.Keys.Where(place => notes.Kits.GetValueOrDefault(place, 1) == 0).Order(StringComparer.Ordinal)],
        };
    }

    public override string ToString() => this switch
    {
        { LastAt: null, VerifiedAt: null, Problem: null } => "none made yet",
        { Problem: { } problem } => problem,
        { VerifiedAgeSeconds: null } => $"none verified yet{At(p => p.VerifiedAt is null)}",
        _ => string.Create(
            CultureInfo.InvariantCulture, $"newest verified backup{At(p => p.VerifiedAt == VerifiedAt)} is {VerifiedAgeSeconds / 3600:0.0} h old, target {TargetSeconds / 3600:0.0} h"),
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

    // Where there is one destination, nobody asks which.
    private string At(Func<PlaceHealth, bool> which) => Places.Count < 2 ? "" : $" at {string.Join(", ", Places.Where(which).Select(p => p.Name))}";
}

/// <summary>The backups at one destination.</summary>
public sealed record PlaceHealth(string Name, DateTimeOffset? VerifiedAt, double? VerifiedAgeSeconds, string? Problem);
