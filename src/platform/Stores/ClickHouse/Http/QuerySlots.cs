namespace Provost.Stores.ClickHouse.Http;

/// <summary>How many queries are let in, and how many of them run at once.</summary>
internal sealed class QuerySlots(ClickHouseOptions options, QueryErrors errors) : IDisposable
{
    private readonly SemaphoreSlim running = new(options.MaxRunningQueries);
    private int admitted;

    public int Admitted => Volatile.Read(ref admitted);

    public int Running => options.MaxRunningQueries - running.CurrentCount;

    /// <exception cref="QueryError">202, at once.</exception>
    public IDisposable Admit()
    {
        if (Interlocked.Increment(ref admitted) > options.MaxQueries)
        {
            Interlocked.Decrement(ref admitted);
            throw errors.TooMany(options.MaxQueries);
        }

        return new Release(() => Interlocked.Decrement(ref admitted));
    }

    public async Task<IDisposable> RunAsync(CancellationToken cancellation)
    {
        await running.WaitAsync(cancellation);
        return new Release(() => running.Release());
    }

    public void Dispose() => running.Dispose();

    private sealed class Release(Action release) : IDisposable
    {
        private Action? release = release;

        public void Dispose() => Interlocked.Exchange(ref release, null)?.Invoke();
    }
}
