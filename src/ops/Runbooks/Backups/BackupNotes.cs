using System.Text.Json;
using System.Text.Json.Serialization;
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
    private static readonly BackupNotes None = new(null, null, null, null, null, null, new Dictionary<string, long>());

    public static BackupNotes Read(BackupSite site)
    {
        try
        {
            var file = FileOf(site);
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
        PrivateFiles.Write(FileOf(site), JsonSerializer.SerializeToUtf8Bytes(change(Read(site)), NotesJson.Default.BackupNotes));
    }

    public long Seen(string place) => Catalogs.GetValueOrDefault(place);

    public BackupNotes With(string place, long sequence) => this with { Catalogs = new Dictionary<string, long>(Catalogs) { [place] = sequence } };

    private static string FileOf(BackupSite site) => Path.Combine(site.WorkDirectory, "notes.json");
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(BackupNotes))]
internal sealed partial class NotesJson : JsonSerializerContext;
