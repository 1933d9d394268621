using System.Text.Json;
using Provost.Runbooks.Tools;

namespace Provost.Runbooks.Backups.Repositories;

/// <summary>Who writes to a repository.</summary>
/// <param name="Process">On this machine a dead owner is recognised at once; elsewhere by the time.</param>
/// <param name="Brief">It writes a small file and is gone: who comes meanwhile waits for it instead of being refused.</param>
public sealed record LockNote(string Token, string Owner, string Purpose, ProcessIdentity? Process, DateTimeOffset Since, DateTimeOffset Until, bool Brief = false);

/// <summary>
/// One writer at a time for each repository, wherever it runs. Kept alive while it is held; left by a writer that was
/// killed, it ends by itself, on the same machine at once.
/// </summary>
internal sealed class RepositoryLock : IAsyncDisposable
{
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan BriefLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(200);

    private readonly IObjectStore store;
    private readonly TimeProvider time;
    private readonly CancellationTokenSource released = new();
    private readonly Task beating;
    private LockNote note;

    private RepositoryLock(IObjectStore store, LockNote note, TimeProvider time)
    {
        this.store = store;
        this.note = note;
        this.time = time;
        beating = BeatAsync();
    }

    /// <param name="brief">Whether the writer is gone in a moment, so that others may wait for it.</param>
    /// <exception cref="OperationError">Another writer is at work, and not briefly.</exception>
    public static async Task<RepositoryLock> TakeAsync(IObjectStore store, string purpose, TimeProvider time, CancellationToken cancellation, bool brief = false)
    {
        var now = time.GetUtcNow();
        var mine = new LockNote(Guid.NewGuid().ToString("N"), Environment.MachineName, purpose, ProcessTable.Identify(Environment.ProcessId), now, now + Life, brief);
        while (!await store.CreateAsync(ObjectNames.Lock, Bytes(mine), cancellation))
        {
            if (await ReadAsync(store, cancellation) is not { } other)
            {
                continue;
            }
            if (other.Token == mine.Token)
            {
                // It was written, and only the answer was lost on the way.
                break;
            }
            if (!IsLeft(other, time.GetUtcNow()))
            {
                if (other.Brief && time.GetUtcNow() - now < BriefLimit)
                {
                    await Task.Delay(Look, time, cancellation);
                    continue;
                }
                throw new OperationError(
                    ErrorKind.Refused, $"{other.Owner} is writing to the repository at {store.Place} ({other.Purpose}, since {other.Since:u})",
                    $"wait until it has ended and run the command again; a writer that was lost is given up at {other.Until:u}");
            }
            await store.DeleteAsync(ObjectNames.Lock, cancellation);
        }
        var taken = new RepositoryLock(store, mine, time);
        // Two may have removed the same left lock: the one whose note stands is the writer.
        await taken.RequireAsync(cancellation);
        return taken;
    }

    /// <summary>Whether it is still ours: asked before everything that cannot be taken back.</summary>
    public async Task RequireAsync(CancellationToken cancellation)
    {
        if ((await ReadAsync(store, cancellation))?.Token != note.Token)
        {
            throw new OperationError(
                ErrorKind.Failed, $"another writer took over the repository at {store.Place}, because this one was silent for too long", "run the command again: what was written is not written twice");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await released.CancelAsync();
        await beating.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        released.Dispose();
        if ((await ReadAsync(store, CancellationToken.None))?.Token == note.Token)
        {
            await store.DeleteAsync(ObjectNames.Lock, CancellationToken.None);
        }
    }

    private static bool IsLeft(LockNote other, DateTimeOffset now)
    {
        var isHere = other.Process is { } process && other.Owner == Environment.MachineName && process.Boot == ProcessTable.Identify(Environment.ProcessId)?.Boot;
        return isHere ? !ProcessTable.IsAlive(other.Process) : other.Until < now;
    }

    private async Task BeatAsync()
    {
        while (true)
        {
            await Task.Delay(Beat, time, released.Token);
            if ((await ReadAsync(store, released.Token))?.Token != note.Token)
            {
                return;
            }
            note = note with { Until = time.GetUtcNow() + Life };
            await store.WriteAsync(ObjectNames.Lock, Bytes(note), released.Token);
        }
    }

    private static async Task<LockNote?> ReadAsync(IObjectStore store, CancellationToken cancellation)
    {
        try
        {
            return await store.ReadAsync(ObjectNames.Lock, cancellation) is { } bytes ? JsonSerializer.Deserialize(bytes, RepositoryJson.Default.LockNote) : null;
        }
        catch (JsonException)
        {
            // Not ours; it ends as one that nobody holds.
            return new LockNote("", "", "unknown", null, default, default);
        }
    }

    private static byte[] Bytes(LockNote note) => JsonSerializer.SerializeToUtf8Bytes(note, RepositoryJson.Default.LockNote);
}
