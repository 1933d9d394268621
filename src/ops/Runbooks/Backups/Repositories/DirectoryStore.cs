using System.Runtime.CompilerServices;
using Provost.Runbooks.Tools;

namespace Provost.Runbooks.Backups.Repositories;

/// <summary>A repository in a directory of this machine, or on a disk that is mounted there.</summary>
public sealed class DirectoryStore(string root) : IObjectStore
{
    private const string Unfinished = "tmp";

    public string Place { get; } = Path.GetFullPath(root);

    public async IAsyncEnumerable<StoredFile> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await Task.CompletedTask;
        var folder = Path.Combine(Place, prefix);
        if (!Directory.Exists(folder))
        {
            yield break;
        }
        foreach (var file in new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories))
        {
            cancellation.ThrowIfCancellationRequested();
            var name = Path.GetRelativePath(Place, file.FullName);
            if (!name.StartsWith(Unfinished + "/", StringComparison.Ordinal))
            {
                yield return new StoredFile(name, file.Length, file.LastWriteTimeUtc);
            }
        }
    }

    public async Task<byte[]?> ReadAsync(string name, CancellationToken cancellation)
    {
        try
        {
            return await File.ReadAllBytesAsync(FullName(name), cancellation);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new OperationError(ErrorKind.Failed, $"{FullName(name)} cannot be read: {e.Message}", "check the disk and the rights of this user there", cause: e);
        }
    }

    public Task WriteAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellation) => StoreAsync(name, content, replace: true, cancellation);

    public Task<bool> CreateAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellation) => StoreAsync(name, content, replace: false, cancellation);

    public Task DeleteAsync(string name, CancellationToken cancellation)
    {
        File.Delete(FullName(name));
        return Task.CompletedTask;
    }

    public void Dispose()
    {
        // Nothing is held open.
    }

    /// <summary>Removes what writers that were killed left behind. Only for the holder of the lock.</summary>
    public void RemoveUnfinished()
    {
        var folder = Path.Combine(Place, Unfinished);
        foreach (var file in Directory.Exists(folder) ? Directory.EnumerateFiles(folder) : [])
        {
            File.Delete(file);
        }
    }

    // Temporary file, flush, rename or link: a reader sees the whole or nothing, also after a power cut.
    private async Task<bool> StoreAsync(string name, ReadOnlyMemory<byte> content, bool replace, CancellationToken cancellation)
    {
        var (target, temporary) = (FullName(name), Path.Combine(Place, Unfinished, Guid.NewGuid().ToString("N")));
        try
        {
            PrivateFiles.CreateDirectory(Path.GetDirectoryName(temporary)!);
            Directory.CreateDirectory(Path.GetDirectoryName(target)!, PrivateFiles.DirectoryMode);
            await using (var file = new FileStream(temporary, new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                BufferSize = 0,
                UnixCreateMode = PrivateFiles.FileMode,
            }))
            {
                await file.WriteAsync(content, cancellation);
                file.Flush(flushToDisk: true);
            }
            return Publish(temporary, target, replace);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Forget(temporary);
            throw new OperationError(
                ErrorKind.Machine, $"{Place} cannot be written: {e.Message}", "free space there or give this user the right to write; then run the command again: what was written is not written twice", cause: e);
        }
    }

    private static bool Publish(string temporary, string target, bool replace)
    {
        if (replace)
        {
            File.Move(temporary, target, overwrite: true);
        }
        else
        {
            // A link fails where something is: the one way to create without a moment in between.
            var made = Native.Link(temporary, target) == 0;
            File.Delete(temporary);
            if (!made)
            {
                return File.Exists(target) ? false : throw new IOException($"{target} could not be created");
            }
        }
        PrivateFiles.FlushDirectory(Path.GetDirectoryName(target)!);
        return true;
    }

    private static void Forget(string file)
    {
        try
        {
            File.Delete(file);
        }
        catch (IOException)
        {
            // The next writer removes it.
        }
    }

    private string FullName(string name) => Path.Combine(Place, name);
}
