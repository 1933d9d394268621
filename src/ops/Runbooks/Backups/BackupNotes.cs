using System.Text.Json;
using System.Text.Json.Serialization;
using Provost.Runbooks.Backups.Repositories;
using Provost.Runbooks.Tools;

namespace Provost.Runbooks.Backups;

/// <summary>What this installation remembers of its backups, for status, doctor, metrics and the next verify.</summary>
/// <param name="LastAt">Cut of the newest backup.</param>
/// <param name="VerifiedAt">Cut of the newest backup that was verified since.</param>
/// <param name="RestoredAt">Cut of the newest backup that a scratch restore proved.</param>
/// <param name="Problem">Why the last attempt failed; null when it did not.</param>
/// <param name="Catalogs">Highest number of each destination's catalog that was seen: a smaller one is an older catalog put back.</param>
public sealed record BackupNotes(
    DateTimeOffset? LastAt, string? LastId, DateTimeOffset? VerifiedAt, string? VerifiedId, DateTimeOffset? RestoredAt, string? Problem, IReadOnlyDictionary<string, long> Catalogs)
{
    /// <summary>Of the state directory, for what backups leave there.</summary>
    public const string Folder = "backup";

    public const string Name = "notes.json";

    public static BackupNotes None { get; } = new(null, null, null, null, null, null, new Dictionary<string, long>());

    public static BackupNotes Read(BackupSite site) => ReadAt(site.State.Root);

    public static BackupNotes Parse(string json) => JsonSerializer.Deserialize(json, NotesJson.Default.BackupNotes) ?? None;

    public static BackupNotes ReadAt(string stateDirectory)
    {
        try
        {
            var file = Path.Combine(stateDirectory, Folder, Name);
            return File.Exists(file) ? JsonSerializer.Deserialize(File.ReadAllBytes(file), NotesJson.Default.BackupNotes) ?? None : None;
        }
        catch (JsonException)
        {
            return None;
        }
    }

    public static void Change(BackupSite site, Func<BackupNotes, BackupNotes> change)
    {
        PrivateFiles.CreateDirectory(site.WorkDirectory);
        var changed = change(Read(site));
        PrivateFiles.Write(Path.Combine(site.WorkDirectory, Name), JsonSerializer.SerializeToUtf8Bytes(changed, NotesJson.Default.BackupNotes));
        PrivateFiles.Write(Path.Combine(site.WorkDirectory, "metrics.prom"), System.Text.Encoding.ASCII.GetBytes(changed.Metrics()));
    }

    public long Seen(string place) => Catalogs.GetValueOrDefault(place);

    // Notes of an older version have neither of the two: their text says nothing, and that is null here.

    /// <summary>Recovery kits that open each destination, as far as that is known.</summary>
    public IReadOnlyDictionary<string, int> Kits { get; init => field = value ?? new Dictionary<string, int>(); } = new Dictionary<string, int>();

    /// <summary>Chunks of each destination that verify found damaged, by address: the next backup writes those that it needs anew.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Damaged { get; init => field = value ?? new Dictionary<string, IReadOnlyList<string>>(); } = new Dictionary<string, IReadOnlyList<string>>();

    public BackupNotes With(string place, Catalog catalog) => this with
    {
        Catalogs = new Dictionary<string, long>(Catalogs) { [place] = catalog.Sequence },
        Kits = new Dictionary<string, int>(Kits) { [place] = catalog.Documents.Keys.Count(name => name.StartsWith(ObjectNames.Kits + "/", StringComparison.Ordinal)) },
    };

    public IReadOnlyList<string> DamagedAt(string place) => Damaged.GetValueOrDefault(place) ?? [];

    public BackupNotes WithDamaged(string place, IEnumerable<string> addresses) =>
        this with { Damaged = new Dictionary<string, IReadOnlyList<string>>(Damaged) { [place] = [.. addresses] } };

    // For the textfile collector of Prometheus' node exporter.
    private string Metrics() => string.Concat(
        Metric("provost_backup_last_timestamp_seconds", "Cut of the newest backup", LastAt),
        Metric("provost_backup_verified_timestamp_seconds", "Cut of the newest verified backup", VerifiedAt),
        Metric("provost_backup_restored_timestamp_seconds", "Cut of the newest backup that a scratch restore proved", RestoredAt),
        $"# HELP provost_backup_failed Whether the last attempt failed\n# TYPE provost_backup_failed gauge\nprovost_backup_failed {(Problem is null ? 0 : 1)}\n");

    private static string Metric(string name, string help, DateTimeOffset? at) => $"# HELP {name} {help}\n# TYPE {name} gauge\n{name} {at?.ToUnixTimeSeconds() ?? 0}\n";
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(BackupNotes))]
internal sealed partial class NotesJson : JsonSerializerContext;
