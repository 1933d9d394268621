using System.Text.Json;
using System.Text.Json.Serialization;
using Provost.Runbooks.Backups.Repositories;
using Provost.Runbooks.Tools;

namespace Provost.Runbooks.Backups;

/// <summary>What this installation remembers of its backups and rehearsals, for status, doctor, metrics and the next verify.</summary>
/// <param name="LastAt">Cut of the newest backup.</param>
/// <param name="RestoredAt">Cut of the newest backup that a scratch restore proved.</param>
/// <param name="Problem">Why the last attempt failed everywhere; null when it did not.</param>
/// <param name="Catalogs">Highest number of each destination's catalog that was seen: a smaller one is an older catalog put back.</param>
/// <param name="Places">What became of backups at each destination.</param>
/// <param name="Drills">The last rehearsals, by their verb: restore, failover.</param>
public sealed record BackupNotes(
    DateTimeOffset? LastAt, string? LastId, DateTimeOffset? RestoredAt, string? Problem, IReadOnlyDictionary<string, long> Catalogs,
    IReadOnlyDictionary<string, PlaceNotes>? Places, IReadOnlyDictionary<string, DrillNotes>? Drills)
{
    /// <summary>Of the state directory, for what backups leave there.</summary>
    public const string Folder = "backup";

    public const string Name = "notes.json";

    public static BackupNotes None { get; } = new(null, null, null, null, new Dictionary<string, long>(), null, null);

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
        PrivateFiles.Write(Path.Combine(site.WorkDirectory, BackupMetrics.Name), System.Text.Encoding.UTF8.GetBytes(BackupMetrics.Of(changed, site)));
    }

    /// <summary>The installation beside which this one was restored, to look at: backups are that one's, until one is made here by hand.</summary>
    public string? CopyOf { get; init; }

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

    public PlaceNotes At(string place) => Places?.GetValueOrDefault(place) ?? PlaceNotes.None;

    public BackupNotes At(string place, Func<PlaceNotes, PlaceNotes> change) =>
        this with { Places = new Dictionary<string, PlaceNotes>(Places ?? new Dictionary<string, PlaceNotes>()) { [place] = change(At(place)) } };

    public DrillNotes Drill(string verb) => Drills?.GetValueOrDefault(verb) ?? DrillNotes.None;

    /// <param name="verb">restore or failover.</param>
    public BackupNotes Rehearsed(string verb, DateTimeOffset at, bool passed) => this with
    {
        Drills = new Dictionary<string, DrillNotes>(Drills ?? new Dictionary<string, DrillNotes>()) { [verb] = new(at, passed ? at : Drill(verb).PassedAt) },
    };
}

/// <param name="LastAt">Cut of the newest backup that arrived there.</param>
/// <param name="VerifiedAt">Cut of the newest backup there, when it was last found whole.</param>
/// <param name="Problem">Why the last backup did not arrive there; null when it did.</param>
/// <param name="Damage">What the last verification found there; null when all was as written.</param>
public sealed record PlaceNotes(DateTimeOffset? LastAt, DateTimeOffset? VerifiedAt, string? Problem, string? Damage)
{
    public static PlaceNotes None { get; } = new(null, null, null, null);
}

/// <param name="At">Of the last one, however it ended.</param>
/// <param name="PassedAt">Of the last one that passed.</param>
public sealed record DrillNotes(DateTimeOffset? At, DateTimeOffset? PassedAt)
{
    public static DrillNotes None { get; } = new(null, null);

    [JsonIgnore]
    public bool Failed => At is not null && At != PassedAt;
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(BackupNotes))]
internal sealed partial class NotesJson : JsonSerializerContext;
