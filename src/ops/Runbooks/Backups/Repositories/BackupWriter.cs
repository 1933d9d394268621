using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace Provost.Runbooks.Backups.Repositories;

/// <summary>
/// Writes the files of one backup to several repositories at once: each content is read, compressed and encrypted once, and
/// sent to whom it is new. What an interrupted run has written is found and not written again, and a file whose content an
/// earlier backup knows by the same key is not read at all.
/// </summary>
internal sealed class BackupWriter
{
    private const int Parallel = 4;

    private readonly RepositoryKeys keys;
    private readonly IReadOnlyList<WriterTarget> targets;
    private readonly Chunker chunker;
    private readonly Dictionary<string, FileEntry> earlier = [];

    /// <param name="earlier">Files of an earlier backup.</param>
    public BackupWriter(RepositoryKeys keys, IReadOnlyList<WriterTarget> targets, IEnumerable<FileEntry> earlier)
    {
        this.keys = keys;
        this.targets = targets;
        foreach (var entry in earlier)
        {
            if (entry.Key is not null)
            {
                this.earlier[entry.Key] = entry;
            }
        }
        chunker = new Chunker(keys.Gear);
    }

    public async Task<IReadOnlyList<FileEntry>> WriteAsync(IReadOnlyList<SourceFile> files, CancellationToken cancellation)
    {
        var entries = new ConcurrentDictionary<string, FileEntry>();
        await System.Threading.Tasks.Parallel.ForEachAsync(
            files, new ParallelOptions { MaxDegreeOfParallelism = Parallel, CancellationToken = cancellation },
            async (file, token) => entries[file.Name] = await WriteAsync(file, token));
        return [.. entries.Values.OrderBy(e => e.Path, StringComparer.Ordinal)];
    }

    private async Task<FileEntry> WriteAsync(SourceFile file, CancellationToken cancellation)
    {
        if (file.Key is not null && earlier.TryGetValue(file.Key, out var entry) && targets.All(t => t.Failure is not null || entry.Chunks.All(chunk => t.Has(chunk.Address))))
        {
            return entry with { Path = file.Name };
        }
        using var whole = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        List<ChunkEntry> chunks = [];
        byte[]? only = null;
        var bytes = 0L;
        await using var stream = file.Open();
        foreach (var chunk in chunker.Cut(stream))
        {
            var digest = SHA256.HashData(chunk.Span);
            (only, bytes) = (bytes == 0 ? digest : null, bytes + chunk.Length);
            whole.AppendData(chunk.Span);
            chunks.Add(new ChunkEntry(keys.Address(digest), chunk.Length));
            await SendAsync(chunks[^1], chunk, cancellation);
        }
        return new FileEntry(file.Name, bytes, Convert.ToHexStringLower(only ?? whole.GetHashAndReset()), chunks) { Key = file.Key };
    }

    private async Task SendAsync(ChunkEntry chunk, ReadOnlyMemory<byte> plain, CancellationToken cancellation)
    {
        var takers = targets.Where(t => t.Wants(chunk.Address)).ToList();
        if (takers.Count == 0)
        {
            return;
        }
        var stored = Sealing.SealChunk(keys, chunk.Name, plain.Span);
        await Task.WhenAll(takers.Select(t => t.SendAsync(chunk, stored, cancellation)));
    }
}

/// <param name="Open">Called once.</param>
/// <param name="Key">The same for the same content, at all times; null where only reading it tells.</param>
internal sealed record SourceFile(string Name, Func<Stream> Open, string? Key = null)
{
    public static SourceFile Of(string name, string file) =>
        new(name, () => new FileStream(file, new FileStreamOptions { Access = FileAccess.Read, BufferSize = 0, Options = FileOptions.SequentialScan }));

    public static SourceFile Of(string name, byte[] content) => new(name, () => new MemoryStream(content, writable: false));

    /// <summary>Every file below a directory.</summary>
    public static IEnumerable<SourceFile> Below(string directory, string prefix) => Directory.Exists(directory)
        ? Directory.EnumerateFiles(directory, "*", SearchOption.AllDirectories).Select(f => Of($"{prefix}/{Path.GetRelativePath(directory, f)}", f))
        : [];
}

/// <summary>One of the repositories that a backup goes to. When it fails, the others go on.</summary>
internal sealed class WriterTarget(string name, Repository repository, Bandwidth bandwidth)
{
    private readonly ConcurrentDictionary<string, bool> known = new();
    private long newBytes;

    public string Name => name;

    public Repository Repository => repository;

    public long NewBytes => Interlocked.Read(ref newBytes);

    public Exception? Failure { get; private set; }

    /// <param name="damaged">Addresses of chunks that count as not there.</param>
    public async Task LoadAsync(IReadOnlyList<string> damaged, CancellationToken cancellation)
    {
        await foreach (var file in repository.Store.ListAsync(ObjectNames.Chunks, cancellation))
        {
            known[file.Name[(file.Name.LastIndexOf('/') + 1)..]] = true;
        }
        foreach (var address in damaged)
        {
            known.TryRemove(address, out _);
        }
    }

    /// <summary>Whether the repository has the chunk, from before or by now.</summary>
    public bool Has(string address) => known.ContainsKey(address);

    /// <summary>True for the first who asks.</summary>
    public bool Wants(string address) => Failure is null && known.TryAdd(address, true);

    public async Task SendAsync(ChunkEntry chunk, byte[] stored, CancellationToken cancellation)
    {
        await TryAsync(async () =>
        {
            await bandwidth.TakeAsync(stored.Length, cancellation);
            await repository.Store.WriteAsync(chunk.Name, stored, cancellation);
            Interlocked.Add(ref newBytes, stored.Length);
        });
    }

    public async Task TryAsync(Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (OperationError e)
        {
            Failure ??= e;
        }
    }
}
