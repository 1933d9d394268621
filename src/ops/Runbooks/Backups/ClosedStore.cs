using Provost.Runbooks.Backups.Repositories;

namespace Provost.Runbooks.Backups;

/// <summary>A destination that cannot even be addressed, for want of keys, say: whoever uses it is told why, and the others go on.</summary>
internal sealed class ClosedStore(string name, OperationError why) : IObjectStore
{
    public string Place => name;

    public IAsyncEnumerable<StoredFile> ListAsync(string prefix, CancellationToken cancellation) => throw Why();

    public Task<byte[]?> ReadAsync(string name, CancellationToken cancellation) => Task.FromException<byte[]?>(Why());

    public Task WriteAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellation) => Task.FromException(Why());

    public Task<bool> CreateAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellation) => Task.FromException<bool>(Why());

    public Task DeleteAsync(string name, CancellationToken cancellation) => Task.FromException(Why());

    public void Dispose()
    {
        // Nothing was opened.
    }

    private OperationError Why() => new(why.Kind, why.Message, why.Remedy, why.Details, why);
}
