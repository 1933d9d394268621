namespace Provost.Runbooks.Backups.Stores;

/// <summary>The append-only file as commands alone, without a snapshot at its beginning: a Redis older than its writer reads it too.</summary>
internal static class PlainCommands
{
    private static readonly TimeSpan Limit = TimeSpan.FromHours(1);

    public static async Task RewriteAsync(RedisLink redis, TimeProvider time, CancellationToken cancellation)
    {
        await redis.SetConfigAsync("aof-use-rdb-preamble", "no");
        await redis.ExecuteAsync("BGREWRITEAOF");
        await redis.WaitAsync(
            "persistence", info => info["aof_rewrite_in_progress"] == "0" && info["aof_rewrite_scheduled"] == "0", Limit, "rewriting its append-only file", time, cancellation);
        if ((await redis.InfoAsync("persistence"))["aof_last_bgrewrite_status"] is not "ok" and var status)
        {
            throw new OperationError(ErrorKind.Failed, $"Redis could not rewrite its append-only file ({status})", "most often the disk is full: free space, then run the restore again");
        }
    }
}
