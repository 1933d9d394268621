using Provost.Runbooks.Backups.Repositories;

namespace Provost.Runbooks.Backups.Restoring;

/// <summary>The backup that is asked for, and every place that has it.</summary>
internal sealed record ChosenBackup(Manifest Manifest, IReadOnlyList<OpenedPlace> Copies)
{
    public static async Task<ChosenBackup> FindAsync(OpenedRepositories repositories, RestoreRequest request, CancellationToken cancellation)
    {
        var all = repositories.Opened.SelectMany(p => p.Repository.Catalog.Backups).ToList();
        if (all.Count == 0)
        {
            throw new OperationError(ErrorKind.Refused, $"the repository at {repositories.Opened[0].Repository.Store.Place} holds no backup", "make one: provost backup create");
        }
        RequireNewest(repositories, request);
        var matching = request.Id is null ? [all.MaxBy(b => b.At)!] : all.Where(b => b.Id.StartsWith(request.Id, StringComparison.Ordinal)).DistinctBy(b => b.Id).ToList();
        if (matching is not [var chosen])
        {
            throw new OperationError(
                ErrorKind.Refused, matching.Count == 0 ? $"there is no backup {request.Id}" : $"{request.Id} may be {string.Join(" or ", matching.Select(b => b.Id))}", "provost backup list shows all backups");
        }
        var copies = repositories.Opened.Where(p => p.Repository.Catalog.Backups.Any(b => b.Id == chosen.Id)).ToList();
        OperationError? damaged = null;
        foreach (var copy in copies)
        {
            try
            {
                return new ChosenBackup(await copy.Repository.ReadManifestAsync(chosen.Id, cancellation), copies);
            }
            catch (OperationError e)
            {
                damaged ??= e;
            }
        }
        throw damaged!;
    }

    // An older catalog that was put back would pass for the newest: this installation remembers better.
    private static void RequireNewest(OpenedRepositories repositories, RestoreRequest request)
    {
        var notes = BackupNotes.Read(request.Site);
        foreach (var place in repositories.Opened.Where(p => p.Repository.Catalog.Sequence < notes.Seen(p.Name)))
        {
            throw new OperationError(
                ErrorKind.Refused, $"the repository at {place.Repository.Store.Place} holds an older catalog than this installation has seen: somebody put an old copy back",
                $"put the newer copy back; or accept the old one: provost backup verify --accept {place.Name}");
        }
    }
}
