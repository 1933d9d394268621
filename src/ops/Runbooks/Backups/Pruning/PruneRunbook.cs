using System.Text.Json.Nodes;
using Provost.Runbooks.Backups.Repositories;
using Provost.Runbooks.Ledgers;

namespace Provost.Runbooks.Backups.Pruning;

/// <summary>What retention means for one destination.</summary>
/// <param name="Freed">Bytes that were freed; 0 before it is carried out.</param>
public sealed record PrunedPlace(string Name, IReadOnlyList<RetainedBackup> Backups, long Freed);

/// <summary>provost backup prune: removes the backups that retention does not keep, and what nobody needs any more.</summary>
/// <param name="drop">Id of a backup that goes whatever retention says; null for none.</param>
public sealed class PruneRunbook(BackupSite site, TimeProvider time, Action<string> say, string? drop = null)
{
    private const string Verb = "backup prune";
    private const int DeletesBetweenLooks = 100;

    public IReadOnlyList<PrunedPlace> Plan(OpenedRepositories repositories) =>
        drop is null || repositories.Opened.Any(p => p.Repository.Catalog.Backups.Any(b => b.Id == drop))
            ? [.. repositories.Opened.Select(p => new PrunedPlace(p.Name, Retained(p.Repository.Catalog), 0))]
            : throw new OperationError(ErrorKind.Refused, $"there is no backup {drop}", "provost backup list shows all backups");

    public async Task<IReadOnlyList<PrunedPlace>> RunAsync(OpenedRepositories repositories, CancellationToken cancellation)
    {
        var start = time.GetTimestamp();
        List<PrunedPlace> places = [];
        foreach (var place in repositories.Opened)
        {
            places.Add(await RunAsync(place, cancellation));
        }
        if (site.State.Exists)
        {
            Ledger.Of(site.State, time).Append(new LedgerRecord(Verb, "", repositories.Failures.Count == 0 ? "done" : "failed", time.GetElapsedTime(start).TotalSeconds, new JsonObject
            {
                ["removed"] = new JsonArray([.. places.SelectMany(p => p.Backups.Where(b => !b.IsKept).Select(b => JsonValue.Create($"{p.Name}: {b.Id}")))]),
                ["freed"] = places.Sum(p => p.Freed),
                ["unreachable"] = new JsonArray([.. repositories.Failures.Select(p => JsonValue.Create($"{p.Name}: {p.Error.Message}"))]),
            }));
        }
        return places;
    }

    private async Task<PrunedPlace> RunAsync(OpenedPlace place, CancellationToken cancellation)
    {
        var repository = place.Repository;
        await using var held = await RepositoryLock.TakeAsync(repository.Store, Verb, time, cancellation);
        await repository.ReloadAsync(cancellation);
        (repository.Store as DirectoryStore)?.RemoveUnfinished();
        var retained = Retained(repository.Catalog);
        var kept = retained.Where(b => b.IsKept).Select(b => b.Id).ToHashSet();
        // What the kept ones need is known before anything goes: a manifest that cannot be read ends it here.
        var needed = await NeededAsync(repository, kept, cancellation);
        await held.RequireAsync(cancellation);
        if (kept.Count < repository.Catalog.Backups.Count)
        {
            var dropped = repository.Catalog.Backups.FirstOrDefault(b => b.Id == drop);
            await ForgetAsync(repository, kept, cancellation);
            BackupNotes.Change(site, n => Without(dropped, place.Name, n).With(place.Name, repository.Catalog));
        }
        var freed = await SweepAsync(repository, needed, held, cancellation);
        say($"{place.Name}: {retained.Count - kept.Count} backups removed, {freed >> 10} KiB freed");
        return new PrunedPlace(place.Name, retained, freed);
    }

    // One that is dropped takes no place among those that are kept.
    private IReadOnlyList<RetainedBackup> Retained(Catalog catalog)
    {
        var kept = Retention.Of([.. catalog.Backups.Where(b => b.Id != drop)], site.Settings.Keep);
        return [.. kept, .. catalog.Backups.Where(b => b.Id == drop).Select(b => new RetainedBackup(b.Id, b.At, []))];
    }

    private static BackupNotes Without(BackupEntry? dropped, string place, BackupNotes notes) => dropped is null ? notes : (notes with
    {
        LastAt = notes.LastId == dropped.Id ? null : notes.LastAt,
        LastId = notes.LastId == dropped.Id ? null : notes.LastId,
    }).At(place, p => p with
    {
        LastAt = p.LastAt == dropped.At ? null : p.LastAt,
        VerifiedAt = p.VerifiedAt == dropped.At ? null : p.VerifiedAt,
    });

    private static async Task<HashSet<string>> NeededAsync(Repository repository, HashSet<string> kept, CancellationToken cancellation)
    {
        HashSet<string> needed = [.. repository.Catalog.Documents.Keys.Where(name => !name.StartsWith(ObjectNames.Manifests, StringComparison.Ordinal))];
        foreach (var id in kept)
        {
            needed.Add(ObjectNames.Manifest(id));
            needed.UnionWith((await repository.ReadManifestAsync(id, cancellation)).Files.SelectMany(f => f.Chunks).Select(c => c.Name));
        }
        return needed;
    }

    // The catalog first: from then on the others do not exist, whatever happens to their files.
    private async Task ForgetAsync(Repository repository, HashSet<string> kept, CancellationToken cancellation)
    {
        var gone = repository.Catalog.Backups.Where(b => !kept.Contains(b.Id)).Select(b => ObjectNames.Manifest(b.Id)).ToHashSet();
        await repository.CommitAsync(
            repository.Catalog with
            {
                At = time.GetUtcNow(),
                Documents = repository.Catalog.Documents.Where(d => !gone.Contains(d.Key)).ToDictionary(),
                Backups = [.. repository.Catalog.Backups.Where(b => kept.Contains(b.Id))],
            },
            cancellation);
    }

    /// <summary>Removes chunks, manifests, kits and erasures that no kept backup needs: of removed backups, and of writers that were killed.</summary>
    private static async Task<long> SweepAsync(Repository repository, HashSet<string> needed, RepositoryLock held, CancellationToken cancellation)
    {
        List<StoredFile> left = [];
        foreach (var folder in (string[])[ObjectNames.Manifests, ObjectNames.Chunks, ObjectNames.Kits, ObjectNames.Erasures])
        {
            await foreach (var file in repository.Store.ListAsync(folder, cancellation))
            {
                if (!needed.Contains(file.Name))
                {
                    left.Add(file);
                }
            }
        }
        foreach (var (file, index) in left.Select((file, index) => (file, index)))
        {
            if (index % DeletesBetweenLooks == 0)
            {
                await held.RequireAsync(cancellation);
            }
            await repository.Store.DeleteAsync(file.Name, cancellation);
        }
        return left.Sum(f => f.Bytes);
    }
}
