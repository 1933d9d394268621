using System.Globalization;
using System.Text.Json.Nodes;
using Provost.Runbooks.Backups.Keys;
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

    /// <summary>Opens the repositories; that none could be is a finding too.</summary>
    public async Task<OpenedRepositories> OpenAsync(IReadOnlyList<BackupPlace> places, RecoveryKit? kit, CancellationToken cancellation)
    {
        try
        {
            return await OpenedRepositories.OpenAsync(site, places, kit, cancellation);
        }
        catch (OperationError e) when (kit is null)
        {
            Note([.. places.Select(p => new Found(new VerifiedPlace(p.Name, 0, 0, 0, [e.Message]), null))], new VerifyResult(false, [], null, 0));
            throw;
        }
    }

    /// <param name="restore">Whether the newest backup is also restored to scratch stores and counted there.</param>
    /// <param name="accept">Take an older catalog that was put back as the valid one.</param>
    public async Task<VerifyResult> RunAsync(OpenedRepositories repositories, bool restore, bool accept, CancellationToken cancellation)
    {
        var start = time.GetTimestamp();
        List<Found> found = [];
        foreach (var place in repositories.Opened)
        {
            say($"reading every byte of {place.Repository.Store.Place}");
            found.Add(new Found(await CheckAsync(place, accept ? 0 : BackupNotes.Read(site).Seen(place.Name), cancellation), place.Repository));
        }
        found.AddRange(repositories.Failures.Select(f => new Found(new VerifiedPlace(f.Name, 0, 0, 0, [f.Error.Message]), null)));
        var restored = restore ? await RestoreAsync(found, cancellation) : null;
        List<VerifiedPlace> places = [.. found.Select(f => f.Place)];
        var done = new VerifyResult(places.All(p => p.Problems.Count == 0), places, restored, Math.Round(time.GetElapsedTime(start).TotalSeconds, 3));
        Note(found, done);
        return done;
    }

    // A place that goes away while it is read is not verified; the others are.
    private async Task<VerifiedPlace> CheckAsync(OpenedPlace place, long known, CancellationToken cancellation)
    {
        try
        {
            var result = await RepositoryCheck.RunAsync(place.Repository, known, cancellation);
            if (site.State.Exists)
            {
                BackupNotes.Change(site, n => n.WithDamaged(place.Name, result.Damaged));
            }
            if (result.Damaged.Count > 0)
            {
                say($"{place.Name}: the next backup writes what it needs of the {result.Damaged.Count} damaged chunks anew");
            }
            return new VerifiedPlace(place.Name, result.Backups, result.Files, result.Bytes, result.Problems);
        }
        catch (OperationError e)
        {
            return new VerifiedPlace(place.Name, place.Repository.Catalog.Backups.Count, 0, 0, [e.Message]);
        }
    }

    // The newest backup of a repository whose bytes are as written; what its stores do not hold is a problem of that place.
    private async Task<string?> RestoreAsync(List<Found> found, CancellationToken cancellation)
    {
        if (found.Where(f => f is { IsWhole: true, Newest: not null }).MaxBy(f => f.Newest!.At) is not { Place: var place, Repository: { } repository, Newest: { } newest } chosen)
        {
            return null;
        }
        say($"restoring {newest.Id} to scratch stores");
        try
        {
            var manifest = await repository.ReadManifestAsync(newest.Id, cancellation);
            await ScratchRestore.ProveAsync(new BackupReader(repository, manifest), manifest, site, Path.Combine(site.WorkDirectory, "verify"), time, cancellation);
            return newest.Id;
        }
        catch (OperationError e)
        {
            found[found.IndexOf(chosen)] = chosen with { Place = place with { Problems = [.. place.Problems, e.Message, .. e.Details] } };
            return null;
        }
    }

    // Places of provost.yaml alone: a repository that was moved here is no destination of this site.
    private void Note(IReadOnlyList<Found> found, VerifyResult done)
    {
        if (!site.State.Exists || !found.Any(f => site.Settings.Destinations.ContainsKey(f.Place.Name)))
        {
            return;
        }
        var newest = found.Select(f => f.Newest).OfType<BackupEntry>().MaxBy(b => b.At);
        BackupNotes.Change(site, notes =>
        {
            notes = found.Where(f => site.Settings.Destinations.ContainsKey(f.Place.Name)).Aggregate(notes, (n, f) => f.Note(n));
            return done.Restored is { } id ? notes with { RestoredAt = BackupRunbook.IdTime(id) } : notes;
        });
        Ledger.Of(site.State, time).Append(new LedgerRecord(Verb, newest?.Id ?? "", done.Passed ? "done" : "failed", done.Seconds, new JsonObject
        {
            ["bytes"] = done.Places.Sum(p => p.Bytes),
            ["restored"] = done.Restored,
            ["problems"] = string.Create(CultureInfo.InvariantCulture, $"{found.Sum(f => f.Place.Problems.Count)}"),
            ["places"] = new JsonArray([.. found.Select(f => JsonValue.Create(f.IsWhole ? f.Place.Name : $"{f.Place.Name}: {f.Place.Problems[0]}"))]),
        }));
    }

    /// <param name="Repository">Null when it could not be opened.</param>
    private sealed record Found(VerifiedPlace Place, Repository? Repository)
    {
        public bool IsWhole => Place.Problems.Count == 0;

        public BackupEntry? Newest => Repository?.Catalog.Newest;

        public BackupNotes Note(BackupNotes notes) => IsWhole && Repository is { } repository
            ? notes.With(Place.Name, repository.Catalog).At(Place.Name, p => p with { VerifiedAt = Newest?.At, Damage = null })
            : notes.At(Place.Name, p => p with { Damage = Place.Problems[0] });
    }
}
