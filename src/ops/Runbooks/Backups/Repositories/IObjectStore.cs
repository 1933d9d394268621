namespace Provost.Runbooks.Backups.Repositories;

/// <summary>Where the files of a repository lie: a directory, or a bucket off-site. Names are relative and use slashes.</summary>
public interface IObjectStore : IDisposable
{
    /// <summary>For people: a path, or an address with its bucket.</summary>
    string Place { get; }

    IAsyncEnumerable<StoredFile> ListAsync(string prefix, CancellationToken cancellation);

    /// <summary>Null when there is no such file.</summary>
    Task<byte[]?> ReadAsync(string name, CancellationToken cancellation);

    /// <summary>Whole and on the disk, or not at all; replaces what was there.</summary>
    Task WriteAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellation);

    /// <summary>As <see cref="WriteAsync"/>, but only where nothing is; false when something was there.</summary>
    Task<bool> CreateAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellation);

    Task DeleteAsync(string name, CancellationToken cancellation);
}

public readonly record struct StoredFile(string Name, long Bytes, DateTimeOffset Written);
