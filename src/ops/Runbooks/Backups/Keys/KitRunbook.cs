using System.Text.Json;
using Provost.Runbooks.Backups.Repositories;

namespace Provost.Runbooks.Backups.Keys;

/// <param name="Newest">Id of the newest backup that the kit opens there; null when there is none.</param>
public sealed record KitCheck(string Place, bool Opens, string? Newest, string? Problem);

/// <summary>provost recovery-kit: makes kits, and checks that one opens what it should.</summary>
public static class KitRunbook
{
    private const int Format = 1;

    /// <summary>A new kit, known to every destination from now on.</summary>
    public static async Task<(RecoveryKit Kit, KitDocument Document)> CreateAsync(BackupSite site, TimeProvider time, CancellationToken cancellation)
    {
        using var keys = await BackupKey.ReadOrCreateAsync(site, cancellation);
        var kit = RecoveryKit.Create();
        List<string> repositories = [];
        foreach (var place in site.Places())
        {
            using (place)
            {
                var repository = await Repository.OpenOrCreateAsync(place.Store, keys, time, cancellation);
                await AddAsync(repository, kit, time, cancellation);
                BackupNotes.Change(site, n => n.With(place.Name, repository.Catalog));
                repositories.Add(place.Store.Place);
            }
        }
        return (kit, new KitDocument(Format, kit.Id, time.GetUtcNow(), site.Installation.Name, kit.Text(), repositories));
    }

    internal static Task AddAsync(Repository repository, RecoveryKit kit, TimeProvider time, CancellationToken cancellation) => ChangeAsync(repository, kit, true, time, cancellation);

    internal static Task RemoveAsync(Repository repository, RecoveryKit kit, TimeProvider time, CancellationToken cancellation) => ChangeAsync(repository, kit, false, time, cancellation);

    /// <summary>Opens every place with the kit alone and reads the newest manifest: what a recovery would begin with.</summary>
    public static async Task<IReadOnlyList<KitCheck>> CheckAsync(IReadOnlyList<BackupPlace> places, RecoveryKit kit, CancellationToken cancellation)
    {
        List<KitCheck> checks = [];
        foreach (var place in places)
        {
            using (place)
            {
                try
                {
                    using var keys = await kit.OpenAsync(place.Store, cancellation);
                    var repository = await Repository.OpenAsync(place.Store, keys, cancellation);
                    var newest = repository.Catalog.Newest?.Id;
                    if (newest is not null)
                    {
                        _ = await repository.ReadManifestAsync(newest, cancellation);
                    }
                    checks.Add(new KitCheck(place.Store.Place, true, newest, null));
                }
                catch (OperationError e)
                {
                    checks.Add(new KitCheck(place.Store.Place, false, null, e.Message));
                }
            }
        }
        return checks;
    }

    /// <summary>Gives an installation that lost its key the one that a kit opens. Its own key, if there is one, must be that one.</summary>
    public static async Task<IReadOnlyList<KitCheck>> AdoptAsync(BackupSite site, IReadOnlyList<BackupPlace> places, RecoveryKit kit, CancellationToken cancellation)
    {
        using var own = BackupKey.ReadIfWhole(site.State);
        RepositoryKeys? found = null;
        try
        {
            foreach (var place in places)
            {
                found ??= await OpenAsync(place, kit, cancellation);
            }
            var checks = await CheckAsync(places, kit, cancellation);
            if (found is null)
            {
                throw new OperationError(
                    ErrorKind.Refused, $"{kit} opens none of the destinations", "give the kit of one of them, or name a repository that was moved: --from DIR", [.. checks.Select(c => c.Problem!)]);
            }
            if (own is not null && own.PublicKey != found.PublicKey)
            {
                throw new OperationError(
                    ErrorKind.Refused, "this installation has a key already, and it is another one",
                    $"leave it, its backups need it; or, if it was made by mistake, remove the secret {BackupKey.Name} first and adopt again");
            }
            BackupKey.Write(site.State, found);
            return checks;
        }
        finally
        {
            found?.Dispose();
        }
    }

    private static async Task<RepositoryKeys?> OpenAsync(BackupPlace place, RecoveryKit kit, CancellationToken cancellation)
    {
        try
        {
            return await kit.OpenAsync(place.Store, cancellation);
        }
        catch (OperationError)
        {
            // Said by the check of every place.
            return null;
        }
    }

    private static async Task ChangeAsync(Repository repository, RecoveryKit kit, bool add, TimeProvider time, CancellationToken cancellation)
    {
        await using var held = await RepositoryLock.TakeAsync(repository.Store, "recovery-kit", time, cancellation, brief: true);
        await repository.ReloadAsync(cancellation);
        var name = ObjectNames.Kit(kit.Id);
        var documents = new Dictionary<string, string>(repository.Catalog.Documents);
        if (add)
        {
            var bytes = JsonSerializer.SerializeToUtf8Bytes(kit.Wrap(repository.Keys, time.GetUtcNow()), ReadableJson.Default.WrappedSeed);
            await repository.Store.WriteAsync(name, bytes, cancellation);
            documents[name] = Repository.Digest(bytes);
        }
        else
        {
            documents.Remove(name);
        }
        await held.RequireAsync(cancellation);
        await repository.CommitAsync(repository.Catalog with { Documents = documents, At = time.GetUtcNow() }, cancellation);
        if (!add)
        {
            await repository.Store.DeleteAsync(name, cancellation);
        }
    }
}
