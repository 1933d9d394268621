using Provost.Runbooks.Backups.Repositories;
using Provost.Runbooks.Tools;

namespace Provost.Runbooks.Backups.Stores;

/// <summary>The state at one instant: prepared before the fence, taken in milliseconds while it is up, collected afterwards.</summary>
/// <param name="redis">The running server.</param>
/// <param name="folder">For the files of the cut; empty.</param>
/// <param name="data">The server's data directory.</param>
internal abstract class StateCut(RedisLink redis, string folder, string data, TimeProvider time) : IAsyncDisposable
{
    public abstract RedisKind Kind { get; }

    protected RedisLink Redis => redis;

    protected string Folder => folder;

    protected string Data => data;

    protected TimeProvider Time => time;

    public static StateCut Of(RunningStores stores, RedisLink redis, string folder, TimeProvider time) =>
        stores.RedisData is { } data ? Of(stores.Kind, redis, folder, data, time) : new ReplicaCut(redis, stores.Redis, folder, time);

    public static StateCut Of(RedisKind kind, RedisLink redis, string folder, string data, TimeProvider time) => kind switch
    {
        RedisKind.Rdb => new RdbCut(redis, folder, data, time),
        RedisKind.Aof => new AofCut(redis, folder, data, time),
        _ => new GarnetCut(redis, folder, data, time),
    };

    public abstract Task PrepareAsync(CancellationToken cancellation);

    public abstract Task TakeAsync(CancellationToken cancellation);

    /// <summary>Makes the folder complete: what lies in it afterwards changes no more.</summary>
    public abstract Task CollectAsync(CancellationToken cancellation);

    public virtual ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>A second name for a file: its content stays, whatever becomes of the first.</summary>
    protected static void Link(string from, string to)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(to)!, PrivateFiles.DirectoryMode);
        File.Delete(to);
        if (Native.Link(from, to) != 0)
        {
            File.Copy(from, to);
        }
    }
}

/// <summary>BGSAVE: the server forks at the cut and writes the child's memory at leisure.</summary>
internal sealed class RdbCut(RedisLink redis, string folder, string data, TimeProvider time) : StateCut(redis, folder, data, time)
{
    public const string File = "dump.rdb";

    private static readonly TimeSpan Limit = TimeSpan.FromHours(1);

    public override RedisKind Kind => RedisKind.Rdb;

    public override Task PrepareAsync(CancellationToken cancellation) => Redis.WaitAsync(
        "persistence", info => info["rdb_bgsave_in_progress"] == "0" && info["aof_rewrite_in_progress"] == "0", Limit, "what it is writing already", Time, cancellation);

    public override Task TakeAsync(CancellationToken cancellation) => Redis.ExecuteAsync("BGSAVE");

    public override async Task CollectAsync(CancellationToken cancellation)
    {
        await Redis.WaitAsync("persistence", info => info["rdb_bgsave_in_progress"] == "0", Limit, "its snapshot", Time, cancellation);
        if ((await Redis.InfoAsync("persistence"))["rdb_last_bgsave_status"] is not "ok" and var status)
        {
            throw new OperationError(ErrorKind.Failed, $"Redis could not write its snapshot ({status})", "provost logs redis shows why: most often the disk is full");
        }
        var written = Path.Combine(Data, await Redis.ConfigAsync("dbfilename"));
        Link(written, Path.Combine(Folder, File));
        // The append-only file is what the server starts from; the snapshot was only for this backup.
        System.IO.File.Delete(written);
    }
}

/// <summary>
/// The append-only files: with rewrites off their set does not change, and each only grows. At the cut they get second names
/// and their lengths are noted; a copy up to these lengths is the state at the cut.
/// </summary>
internal sealed class AofCut(RedisLink redis, string folder, string data, TimeProvider time) : StateCut(redis, folder, data, time)
{
    private const string Percentage = "auto-aof-rewrite-percentage";
    private const string Usual = "100";
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan FlushLimit = TimeSpan.FromSeconds(3);

    private Dictionary<string, long> lengths = [];
    private string? before;

    public override RedisKind Kind => RedisKind.Aof;

    public override async Task PrepareAsync(CancellationToken cancellation)
    {
        // 0 is what a backup that was killed left behind: a server of ours starts with the usual value.
        before ??= await Redis.ConfigAsync(Percentage) is var set && set != "0" ? set : Usual;
        await Redis.SetConfigAsync(Percentage, "0");
        await Redis.WaitAsync(
            "persistence", info => info["aof_rewrite_in_progress"] == "0" && info["aof_rewrite_scheduled"] == "0", Limit, "rewriting its append-only file", Time, cancellation);
    }

    public override async Task TakeAsync(CancellationToken cancellation)
    {
        await Redis.WaitAsync("persistence", info => info["aof_buffer_length"] == "0", FlushLimit, "writing its append-only file", Time, cancellation);
        var files = Path.Combine(Data, await Redis.ConfigAsync("appenddirname"));
        lengths = [];
        foreach (var file in new DirectoryInfo(files).EnumerateFiles())
        {
            Link(file.FullName, Path.Combine(Folder, file.Name));
            lengths[file.Name] = new FileInfo(file.FullName).Length;
        }
    }

    public override async Task CollectAsync(CancellationToken cancellation)
    {
        foreach (var (name, length) in lengths)
        {
            var (file, whole) = (Path.Combine(Folder, name), Path.Combine(Folder, name + ".cut"));
            await using (var from = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite))
            await using (var to = new FileStream(whole, new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = PrivateFiles.FileMode }))
            {
                await CopyAsync(from, to, length, cancellation);
            }
            File.Move(whole, file, overwrite: true);
        }
    }

    public override async ValueTask DisposeAsync()
    {
        if (before is not null)
        {
            await Redis.SetConfigAsync(Percentage, before);
        }
        await base.DisposeAsync();
    }

    private static async Task CopyAsync(FileStream from, FileStream to, long length, CancellationToken cancellation)
    {
        var buffer = new byte[1 << 20];
        for (var left = length; left > 0;)
        {
            var read = await from.ReadAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, left)), cancellation);
            if (read == 0)
            {
                throw new OperationError(ErrorKind.Failed, $"{from.Name} became shorter during the backup", "run the backup again");
            }
            await to.WriteAsync(buffer.AsMemory(0, read), cancellation);
            left -= read;
        }
    }
}

/// <summary>The embedded server's checkpoint: its files get second names before the next checkpoint can remove them.</summary>
internal sealed class GarnetCut(RedisLink redis, string folder, string data, TimeProvider time) : StateCut(redis, folder, data, time)
{
    public const string Store = "Store";

    // A longer one makes a checkpoint that the server cannot read again (garnet#2164).
    private const int LongestKey = 1022;

    public override RedisKind Kind => RedisKind.Garnet;

    public override async Task PrepareAsync(CancellationToken cancellation)
    {
        await foreach (var keys in Redis.PagesAsync(1000, cancellation))
        {
            if (keys.FirstOrDefault(k => ((byte[])k!).Length > LongestKey) is var key && !string.IsNullOrEmpty(key))
            {
                throw new OperationError(
                    ErrorKind.Refused, $"the embedded Redis holds a key of more than {LongestKey} bytes ({key.ToString()[..40]}...), with which it cannot write a checkpoint", "remove that key; the platform itself has none so long");
            }
        }
    }

    public override async Task TakeAsync(CancellationToken cancellation)
    {
        await Redis.ExecuteAsync("SAVE");
        var store = Path.Combine(Data, Store);
        foreach (var file in Directory.EnumerateFiles(store, "*", SearchOption.AllDirectories))
        {
            Link(file, Path.Combine(Folder, Path.GetRelativePath(store, file)));
        }
    }

    public override Task CollectAsync(CancellationToken cancellation) => Task.CompletedTask;
}
