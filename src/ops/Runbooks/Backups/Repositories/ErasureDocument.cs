using System.Text;

namespace Provost.Runbooks.Backups.Repositories;

/// <summary>The platform's erasure ledger as a repository has it beside the backups: it may be newer than the newest of them.</summary>
internal static class ErasureDocument
{
    private const byte Kind = 3;

    /// <summary>Line by line; empty when none was ever sent.</summary>
    public static async Task<IReadOnlyList<string>> ReadAsync(Repository repository, CancellationToken cancellation)
    {
        if (NamesIn(repository.Catalog).SingleOrDefault() is not { } name)
        {
            return [];
        }
        try
        {
            var plain = Sealing.OpenDocument(repository.Keys, name, Kind, await repository.CheckDocumentAsync(name, cancellation));
            return Encoding.UTF8.GetString(plain).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        }
        catch (DamagedFile e)
        {
            throw Repository.Damaged(repository.Store, e);
        }
    }

    /// <summary>A new file first, then the catalog that names it instead of the old one.</summary>
    /// <returns>Bytes that were written.</returns>
    public static async Task<long> WriteAsync(Repository repository, RepositoryLock held, IReadOnlyList<string> lines, DateTimeOffset at, CancellationToken cancellation)
    {
        var name = ObjectNames.Erasure(lines.Count);
        var stored = Sealing.SealDocument(repository.Keys, name, Kind, Encoding.UTF8.GetBytes(string.Join('\n', lines)));
        await repository.Store.WriteAsync(name, stored, cancellation);
        await held.RequireAsync(cancellation);
        var old = NamesIn(repository.Catalog).Where(other => other != name).ToList();
        var documents = repository.Catalog.Documents.Where(document => !old.Contains(document.Key) && document.Key != name).Append(new(name, Repository.Digest(stored)));
        await repository.CommitAsync(repository.Catalog with { At = at, Documents = documents.ToDictionary() }, cancellation);
        foreach (var other in old)
        {
            await repository.Store.DeleteAsync(other, cancellation);
        }
        return stored.Length;
    }

    private static IEnumerable<string> NamesIn(Catalog catalog) => catalog.Documents.Keys.Where(name => name.StartsWith(ObjectNames.Erasures + "/", StringComparison.Ordinal));
}
