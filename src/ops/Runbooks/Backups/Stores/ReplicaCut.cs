using System.Globalization;
using Provost.Runbooks.Backups.Repositories;
using Provost.Runbooks.Tools;
using StackExchange.Redis;

namespace Provost.Runbooks.Backups.Stores;

/// <summary>
/// The snapshot that a server sends to a new replica, over the network: no file is shared with the server. It answers
/// FULLRESYNC when it forks, so whatever was acknowledged before is in the snapshot, and nothing that comes later.
/// </summary>
internal sealed class ReplicaCut(RedisLink redis, RedisAddress address, string folder, TimeProvider time) : StateCut(redis, folder, "", time)
{
    private const string Delay = "repl-diskless-sync-delay";
    private static readonly TimeSpan QuietLimit = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan ForkLimit = TimeSpan.FromSeconds(3);

    private ReplicaLink? link;
    private string? delayBefore;

    public override RedisKind Kind => RedisKind.Rdb;

    public override async Task PrepareAsync(CancellationToken cancellation)
    {
        link?.Dispose();
        // A child of before would put the fork off, or make us share the snapshot of another replica.
        await Redis.WaitAsync(
            "persistence", info => info["rdb_bgsave_in_progress"] == "0" && info["aof_rewrite_in_progress"] == "0", QuietLimit, "what it is writing already", Time, cancellation);
        var direct = await ForkAtOnceAsync();
        link = await ReplicaLink.OpenAsync(address, direct, cancellation);
    }

    public override async Task TakeAsync(CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(ForkLimit);
        try
        {
            var now = Offset((await Redis.InfoAsync("replication"))["master_repl_offset"]);
            if (Offset(await link!.BeginAsync(limit.Token)) < now)
            {
                throw new OperationError(ErrorKind.NotReady, "Redis began its snapshot for another replica before the cut", "run the backup again when that replica is in step");
            }
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new OperationError(ErrorKind.NotReady, "Redis did not begin its snapshot in time", "provost logs redis shows what it does instead");
        }
    }

    public override async Task CollectAsync(CancellationToken cancellation)
    {
        await using var file = new FileStream(
            Path.Combine(Folder, RdbCut.File), new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = PrivateFiles.FileMode });
        await link!.CopyAsync(file, cancellation);
    }

    public override async ValueTask DisposeAsync()
    {
        link?.Dispose();
        if (delayBefore is not null)
        {
            await Redis.SetConfigAsync(Delay, delayBefore);
        }
        await base.DisposeAsync();
    }

    // Sent directly, the snapshot needs no room on the server's disk; but then the server waits for more replicas to come.
    private async Task<bool> ForkAtOnceAsync()
    {
        try
        {
            if (await Redis.ConfigAsync(Delay) is var set && set is not ("0" or ""))
            {
                await Redis.SetConfigAsync(Delay, "0");
                delayBefore ??= set;
            }
            return true;
        }
        catch (OperationError e) when (e.InnerException is RedisServerException)
        {
            // Somebody else's server that may not be configured: through its disk it forks at once.
            return false;
        }
    }

    private static long Offset(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
