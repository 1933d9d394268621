using Provost.Runbooks.Backups.Repositories;

namespace Provost.Runbooks.Backups.Making;

/// <summary>The repositories that a backup goes to, each with its lock. One that fails does not stop the others.</summary>
internal sealed class Destinations : IAsyncDisposable
{
    private static readonly TimeSpan ClockSlack = TimeSpan.FromMinutes(5);

    private readonly List<BackupPlace> places = [];
    private readonly List<(string Name, OperationError Error)> unreachable = [];
    private readonly List<(WriterTarget Target, RepositoryLock Lock)> opened = [];
    private readonly BackupSite site;

    private Destinations(BackupSite site) => this.site = site;

    public IReadOnlyList<WriterTarget> Targets => [.. opened.Select(o => o.Target)];

    public static async Task<Destinations> OpenAsync(
        BackupSite site, string? only, RepositoryKeys keys, string purpose, TimeProvider time, CancellationToken cancellation)
    {
        var destinations = new Destinations(site);
        destinations.places.AddRange(site.Places(only));
        foreach (var place in destinations.places)
        {
            try
            {
                await destinations.OpenAsync(place, keys, purpose, time, cancellation);
            }
            catch (OperationError e)
            {
                destinations.unreachable.Add((place.Name, e));
            }
        }
        if (destinations.opened.Count == 0)
        {
            await destinations.DisposeAsync();
            throw destinations.Failure();
        }
        return destinations;
    }

    /// <summary>Manifest first, catalog last: before the catalog names it, there is no such backup.</summary>
    public async Task<IReadOnlyList<PlaceResult>> CommitAsync(Manifest manifest, CancellationToken cancellation)
    {
        foreach (var (target, held) in opened)
        {
            await target.TryAsync(() => CommitAsync(target, held, manifest, cancellation));
        }
        return
        [
            .. Targets.Select(t => new PlaceResult(t.Name, t.NewBytes, t.Failure?.Message)),
            .. unreachable.Select(u => new PlaceResult(u.Name, 0, u.Error.Message)),
        ];
    }

    /// <summary>Files of the newest backup; none where there is none that can be read.</summary>
    public async Task<IReadOnlyList<FileEntry>> NewestFilesAsync(CancellationToken cancellation)
    {
        foreach (var repository in Targets.Select(t => t.Repository).Where(r => r.Catalog.Newest is not null))
        {
            try
            {
                return (await repository.ReadManifestAsync(repository.Catalog.Newest!.Id, cancellation)).Files;
            }
            catch (OperationError)
            {
                // Every file is read then; whoever verifies this repository hears of its manifest.
            }
        }
        return [];
    }

    public OperationError Failure() => Targets.Select(t => t.Failure).OfType<OperationError>().Concat(unreachable.Select(u => u.Error)).First();

    public async ValueTask DisposeAsync()
    {
        foreach (var (_, held) in opened)
        {
            await held.DisposeAsync();
        }
        places.ForEach(p => p.Dispose());
    }

    private async Task OpenAsync(BackupPlace place, RepositoryKeys keys, string purpose, TimeProvider time, CancellationToken cancellation)
    {
        var repository = await Repository.OpenOrCreateAsync(place.Store, keys, time, cancellation);
        var held = await RepositoryLock.TakeAsync(place.Store, purpose, time, cancellation);
        try
        {
            // Whoever held the lock before may have changed it.
            await repository.ReloadAsync(cancellation);
            RequireSane(place, repository, time.GetUtcNow());
            (place.Store as DirectoryStore)?.RemoveUnfinished();
            var target = new WriterTarget(place.Name, repository, new Bandwidth(site.Settings.Bandwidth?.Bytes, time));
            await target.LoadAsync(BackupNotes.Read(site).DamagedAt(place.Name), cancellation);
            opened.Add((target, held));
        }
        catch
        {
            await held.DisposeAsync();
            throw;
        }
    }

    private void RequireSane(BackupPlace place, Repository repository, DateTimeOffset now)
    {
        if (repository.Catalog.Sequence < BackupNotes.Read(site).Seen(place.Name))
        {
            throw new OperationError(
                ErrorKind.Refused, $"the repository at {place.Store.Place} holds an older catalog than this installation has seen: somebody put an old copy back",
                $"put the newer copy back; or accept the old one: provost backup verify --accept {place.Name}");
        }
        if (repository.Catalog.Newest is { } newest && newest.At > now + ClockSlack)
        {
            throw new OperationError(
                ErrorKind.Refused, $"the clock of this machine says {now:u}, but the backup {newest.Id} was made later: the clock has gone back",
                $"set the clock, with a wrong one retention would remove the wrong backups; or, if it was wrong when that backup was made, remove that one: provost backup prune --drop {newest.Id}");
        }
    }

    private async Task CommitAsync(WriterTarget target, RepositoryLock held, Manifest manifest, CancellationToken cancellation)
    {
        if (target.Failure is not null)
        {
            return;
        }
        var repository = target.Repository;
        var digest = await repository.WriteManifestAsync(manifest, cancellation);
        await held.RequireAsync(cancellation);
        await repository.CommitAsync(
            repository.Catalog with
            {
                At = manifest.At,
                Documents = new Dictionary<string, string>(repository.Catalog.Documents) { [ObjectNames.Manifest(manifest.Id)] = digest },
                Backups = [.. repository.Catalog.Backups, new BackupEntry(manifest.Id, manifest.At, manifest.Installation, manifest.Site, manifest.Release, manifest.Bytes, target.NewBytes)],
            },
            cancellation);
        BackupNotes.Change(site, n => n.With(target.Name, repository.Catalog).WithDamaged(target.Name, n.DamagedAt(target.Name).Where(address => !target.Has(address))));
    }
}
