using System.Security.Cryptography;

namespace Provost.Runbooks.Backups.Repositories;

/// <summary>Reads the files of one backup back, and never hands out a byte that was not checked.</summary>
internal sealed class BackupReader(Repository repository, Manifest manifest)
{
    private const int Parallel = 4;

    /// <summary>Refuses names that would leave the directory, and every chunk that is missing or not as it was written.</summary>
    public async Task CheckAsync(CancellationToken cancellation)
    {
        foreach (var file in manifest.Files.Where(f => !IsInside(f.Path)))
        {
            throw Repository.Damaged(repository.Store, new DamagedFile(ObjectNames.Manifest(manifest.Id), $"names a file outside: {file.Path}"));
        }
        var chunks = manifest.Files.SelectMany(f => f.Chunks).DistinctBy(c => c.Address);
        await System.Threading.Tasks.Parallel.ForEachAsync(chunks, Options(cancellation), async (chunk, token) =>
        {
            try
            {
                var stored = await repository.Store.ReadAsync(chunk.Name, token) ?? throw new DamagedFile(chunk.Name, "is missing");
                Sealing.CheckChunk(repository.Keys, chunk.Name, stored);
            }
            catch (DamagedFile e)
            {
                throw Repository.Damaged(repository.Store, e);
            }
        });
    }

    /// <summary>Writes the files below a prefix into a directory, each checked against its SHA-256.</summary>
    public Task ExtractAsync(string prefix, string directory, CancellationToken cancellation) =>
        System.Threading.Tasks.Parallel.ForEachAsync(
            manifest.Files.Where(f => f.Path.StartsWith(prefix, StringComparison.Ordinal)), Options(cancellation),
            async (file, token) =>
            {
                var target = Path.Combine(directory, file.Path[prefix.Length..]);
                Directory.CreateDirectory(Path.GetDirectoryName(target)!, Tools.PrivateFiles.DirectoryMode);
                await using var stream = new FileStream(target, new FileStreamOptions
                {
                    Mode = FileMode.CreateNew,
                    Access = FileAccess.Write,
                    BufferSize = 0,
                    UnixCreateMode = Tools.PrivateFiles.FileMode,
                });
                await CopyAsync(file, stream, token);
            });

    public async Task<byte[]> ReadAsync(string path, CancellationToken cancellation)
    {
        var file = manifest.Files.FirstOrDefault(f => f.Path == path)
            ?? throw new OperationError(ErrorKind.Refused, $"backup {manifest.Id} holds no {path}", "choose another backup: provost backup list");
        using var content = new MemoryStream();
        await CopyAsync(file, content, cancellation);
        return content.ToArray();
    }

    internal static bool IsInside(string path) =>
        path.Length > 0 && !Path.IsPathRooted(path) && path.Split('/').All(part => part is not ("" or "." or "..")) && !path.Contains('\0', StringComparison.Ordinal);

    private async Task CopyAsync(FileEntry file, Stream target, CancellationToken cancellation)
    {
        try
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            foreach (var chunk in file.Chunks)
            {
                var stored = await repository.Store.ReadAsync(chunk.Name, cancellation) ?? throw new DamagedFile(chunk.Name, "is missing");
                var plain = Sealing.OpenChunk(repository.Keys, chunk.Name, stored, chunk.Bytes);
                hash.AppendData(plain);
                await target.WriteAsync(plain, cancellation);
            }
            if (Convert.ToHexStringLower(hash.GetHashAndReset()) != file.Sha256)
            {
                throw new DamagedFile(file.Path, "has another SHA-256 than its manifest says");
            }
        }
        catch (DamagedFile e)
        {
            throw Repository.Damaged(repository.Store, e);
        }
    }

    private static ParallelOptions Options(CancellationToken cancellation) => new() { MaxDegreeOfParallelism = Parallel, CancellationToken = cancellation };
}
