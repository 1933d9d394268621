using Provost.Runbooks.Backups.Keys;
using Provost.Runbooks.Backups.Repositories;

namespace Provost.Runbooks.Backups;

/// <summary>A destination whose repository could be opened.</summary>
public sealed record OpenedPlace(string Name, Repository Repository);

/// <summary>A destination whose repository could not be opened, and why.</summary>
public sealed record ClosedPlace(string Name, OperationError Error);

/// <summary>The repositories of a site for reading, opened with the installation's own key or with a recovery kit.</summary>
public sealed class OpenedRepositories : IDisposable
{
    private readonly List<BackupPlace> places = [];
    private readonly List<RepositoryKeys> keys = [];
    private readonly List<OpenedPlace> opened = [];
    private readonly List<ClosedPlace> failures = [];

    private OpenedRepositories()
    {
    }

    public IReadOnlyList<OpenedPlace> Opened => opened;

    /// <summary>Why a place could not be opened.</summary>
    public IReadOnlyList<ClosedPlace> Failures => failures;

    public RepositoryKeys Keys => keys[0];

    /// <param name="kit">Null for the installation's own key.</param>
    public static async Task<OpenedRepositories> OpenAsync(BackupSite site, IReadOnlyList<BackupPlace> from, RecoveryKit? kit, CancellationToken cancellation)
    {
        var repositories = new OpenedRepositories();
        repositories.places.AddRange(from);
        foreach (var place in from)
        {
            try
            {
                var key = kit is not null ? await kit.OpenAsync(place.Store, cancellation) : BackupKey.Read(site.State) ?? throw new OperationError(
                    ErrorKind.Refused, "this installation has no key for backups", "make a first backup (provost backup create); or, to restore one, give its recovery kit: --kit FILE");
                repositories.keys.Add(key);
                repositories.opened.Add(new OpenedPlace(place.Name, await Repository.OpenAsync(place.Store, key, cancellation)));
            }
            catch (OperationError e)
            {
                repositories.failures.Add(new ClosedPlace(place.Name, e));
            }
        }
        if (repositories.opened.Count == 0)
        {
            repositories.Dispose();
            throw repositories.failures[0].Error;
        }
        return repositories;
    }

    public void Dispose()
    {
        places.ForEach(p => p.Dispose());
        keys.ForEach(k => k.Dispose());
    }
}
