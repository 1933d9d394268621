using System.Globalization;
using System.Text.Json.Nodes;
using Provost.Runbooks.Backups.Making;
using Provost.Runbooks.Backups.Repositories;
using Provost.Runbooks.Backups.Restoring;
using Provost.Runbooks.Ledgers;

namespace Provost.Runbooks.Backups.Checking;

/// <param name="Restored">Id of the backup that a scratch restore proved; null when none was asked for.</param>
public sealed record VerifyResult(bool Passed, IReadOnlyList<VerifiedPlace> Places, string? Restored, double Seconds);

public sealed record VerifiedPlace(string Name, int Backups, int Files, long Bytes, IReadOnlyList<string> Problems);

/// <summary>provost backup verify: every byte and every signature; with a restore, the content of the stores too.</summary>
public sealed class VerifyRunbook(BackupSite site, TimeProvider time, Action<string> say)
{
    private const string Verb = "backup verify";

    /// <param name="restore">Whether the newest backup is also restored to scratch stores and counted there.</param>
    /// <param name="accept">Take an older catalog that was put back as the valid one.</param>
    public async Task<VerifyResult> RunAsync(OpenedRepositories repositories, bool restore, bool accept, CancellationToken cancellation)
    {
        var start = time.GetTimestamp();
        List<VerifiedPlace> places = [];
        foreach (var place in repositories.Opened)
        {
            say($"reading every byte of {place.Repository.Store.Place}");
            var result = await RepositoryCheck.RunAsync(place.Repository, accept ? 0 : BackupNotes.Read(site).Seen(place.Name), cancellation);
            places.Add(new VerifiedPlace(place.Name, result.Backups, result.Files, result.Bytes, result.Problems));
            if (site.State.Exists)
            {
                BackupNotes.Change(site, n => n.WithDamaged(place.Name, result.Damaged));
            }
            if (result.Damaged.Count > 0)
            {
                say($"{place.Name}: the next backup writes what it needs of the {result.Damaged.Count} damaged chunks anew");
            }
        }
        places.AddRange(repositories.Failures.Select(f => new VerifiedPlace("", 0, 0, 0, [f.Message])));
        var passed = places.All(p => p.Problems.Count == 0);
        var restored = passed && restore ? await RestoreAsync(repositories, cancellation) : null;
        var done = new VerifyResult(passed, places, restored, Math.Round(time.GetElapsedTime(start).TotalSeconds, 3));
        Note(repositories, done);
        return done;
    }

    private async Task<string?> RestoreAsync(OpenedRepositories repositories, CancellationToken cancellation)
    {
        var (repository, newest) = repositories.Opened.Select(p => (p.Repository, p.Repository.Catalog.Newest)).FirstOrDefault(x => x.Newest is not null);
        if (newest is null)
        {
            return null;
        }
        say($"restoring {newest.Id} to scratch stores");
        var manifest = await repository.ReadManifestAsync(newest.Id, cancellation);
        var folder = Path.Combine(site.WorkDirectory, "verify");
        await ScratchRestore.ProveAsync(new BackupReader(repository, manifest), manifest, site, folder, time, cancellation);
        return newest.Id;
    }

    private void Note(OpenedRepositories repositories, VerifyResult done)
    {
        if (!site.State.Exists)
        {
            return;
        }
        var newest = repositories.Opened.Select(p => p.Repository.Catalog.Newest).OfType<BackupEntry>().OrderBy(b => b.At).LastOrDefault();
        BackupNotes.Change(site, notes =>
        {
            notes = repositories.Opened.Aggregate(notes, (n, p) => done.Passed ? n.With(p.Name, p.Repository.Catalog) : n);
            notes = done.Passed && newest is not null ? notes with { VerifiedAt = newest.At, VerifiedId = newest.Id } : notes;
            return done.Restored is { } id ? notes with { RestoredAt = BackupRunbook.IdTime(id) } : notes;
        });
        Ledger.Of(site.State, time).Append(new LedgerRecord(Verb, newest?.Id ?? "", done.Passed ? "done" : "failed", done.Seconds, new JsonObject
        {
            ["bytes"] = done.Places.Sum(p => p.Bytes),
            ["restored"] = done.Restored,
            ["problems"] = string.Create(CultureInfo.InvariantCulture, $"{done.Places.Sum(p => p.Problems.Count)}"),
        }));
    }
}
