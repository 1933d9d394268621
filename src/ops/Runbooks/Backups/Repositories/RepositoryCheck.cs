using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace Provost.Runbooks.Backups.Repositories;

/// <param name="Problems">One line for each file that is missing or not as it was written; empty when all is well.</param>
/// <param name="Damaged">Addresses of chunks that are missing or not as they were written.</param>
public sealed record CheckResult(int Backups, int Files, long Bytes, IReadOnlyList<string> Problems, IReadOnlyList<string> Damaged);

/// <summary>Reads every byte of a repository and compares it with what was signed.</summary>
internal static class RepositoryCheck
{
    private const int Parallel = 4;

    /// <param name="known">The catalog's number that this installation has seen: a smaller one is an older catalog put back.</param>
    public static async Task<CheckResult> RunAsync(Repository repository, long known, CancellationToken cancellation)
    {
        List<string> problems = [];
        ConcurrentBag<string> damaged = [];
        if (repository.Catalog.Sequence < known)
        {
            problems.Add($"{Catalog.Name}: is an older one put back: it has the number {repository.Catalog.Sequence}, and {known} was seen before");
        }
        foreach (var name in repository.Catalog.Documents.Keys)
        {
            await NoteAsync(problems, () => repository.CheckDocumentAsync(name, cancellation));
        }
        Dictionary<string, ChunkEntry> chunks = [];
        var files = 0;
        foreach (var entry in repository.Catalog.Backups)
        {
            await NoteAsync(problems, async () =>
            {
                var manifest = await repository.ParseManifestAsync(entry.Id, cancellation);
                files += manifest.Files.Count;
                foreach (var chunk in manifest.Files.SelectMany(f => f.Chunks))
                {
                    chunks[chunk.Address] = chunk;
                }
            });
        }
        var bytes = 0L;
        await System.Threading.Tasks.Parallel.ForEachAsync(
            chunks.Values, new ParallelOptions { MaxDegreeOfParallelism = Parallel, CancellationToken = cancellation },
            async (chunk, token) =>
            {
                if (!await NoteAsync(problems, async () => Interlocked.Add(ref bytes, await CheckAsync(repository, chunk, token))))
                {
                    damaged.Add(chunk.Address);
                }
            });
        return new CheckResult(repository.Catalog.Backups.Count, files, bytes, [.. problems.Distinct().Order(StringComparer.Ordinal)], [.. damaged.Order(StringComparer.Ordinal)]);
    }

    private static async Task<long> CheckAsync(Repository repository, ChunkEntry chunk, CancellationToken cancellation)
    {
        var stored = await repository.Store.ReadAsync(chunk.Name, cancellation) ?? throw new DamagedFile(chunk.Name, "is missing");
        var plain = Sealing.OpenChunk(repository.Keys, chunk.Name, stored, chunk.Bytes);
        return repository.Keys.Address(SHA256.HashData(plain)) == chunk.Address
            ? stored.Length : throw new DamagedFile(chunk.Name, "holds another content than its name says");
    }

    /// <returns>Whether all was well.</returns>
    private static async Task<bool> NoteAsync(List<string> problems, Func<Task> check)
    {
        try
        {
            await check();
            return true;
        }
        catch (DamagedFile e)
        {
            lock (problems)
            {
                problems.Add(e.Message);
            }
            return false;
        }
    }
}
