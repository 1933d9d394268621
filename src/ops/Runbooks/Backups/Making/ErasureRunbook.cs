using Provost.Runbooks.Backups.Keys;
using Provost.Runbooks.Backups.Repositories;

namespace Provost.Runbooks.Backups.Making;

/// <param name="Erasures">Lines of the platform's erasure ledger.</param>
/// <param name="Places">Each destination; nothing new is 0 bytes.</param>
public sealed record SentErasures(int Erasures, IReadOnlyList<PlaceResult> Places);

/// <summary>
/// provost backup erasures: brings the erasure ledger to every destination, so that whoever was erased after the newest backup
/// stays erased when the installation is lost and that backup is restored.
/// </summary>
public sealed class ErasureRunbook(BackupSite site, TimeProvider time)
{
    private const string Verb = "backup erasures";

    public async Task<SentErasures> SendAsync(CancellationToken cancellation)
    {
        using var platform = site.Platform();
        var lines = await platform.ErasuresAsync(cancellation);
        using var keys = await BackupKey.ReadOrCreateAsync(site, cancellation);
        List<PlaceResult> results = [];
        foreach (var place in site.Places())
        {
            using (place)
            {
                results.Add(await SendAsync(place, keys, lines, cancellation));
            }
        }
        return new SentErasures(lines.Count, results);
    }

    private async Task<PlaceResult> SendAsync(BackupPlace place, RepositoryKeys keys, IReadOnlyList<string> lines, CancellationToken cancellation)
    {
        try
        {
            var repository = await Repository.OpenOrCreateAsync(place.Store, keys, time, cancellation);
            var isKnown = (await ErasureDocument.ReadAsync(repository, cancellation)).Count >= lines.Count;
            return new PlaceResult(place.Name, isKnown ? 0 : await WriteAsync(place, repository, lines, cancellation), null);
        }
        catch (OperationError e)
        {
            return new PlaceResult(place.Name, 0, e.Message);
        }
    }

    private async Task<long> WriteAsync(BackupPlace place, Repository repository, IReadOnlyList<string> lines, CancellationToken cancellation)
    {
        await using var held = await RepositoryLock.TakeAsync(place.Store, Verb, time, cancellation, brief: true);
        await repository.ReloadAsync(cancellation);
        var bytes = await ErasureDocument.WriteAsync(repository, held, lines, time.GetUtcNow(), cancellation);
        BackupNotes.Change(site, notes => notes.With(place.Name, repository.Catalog));
        return bytes;
    }
}
