using System.Globalization;
using Garnet;

namespace Provost.Stores.Redis;

/// <summary>Garnet in this process: starts it, proves that it recovered everything, takes checkpoints.</summary>
internal sealed partial class GarnetStore(RedisOptions options, ILoggerFactory loggers, TimeProvider time, ILogger<GarnetStore> logger)
    : BackgroundService
{
    /// <summary>Garnet's limit for keys inside their record; a longer one makes a checkpoint that cannot be read again (garnet#2164).</summary>
    private const int LongestKey = 1022;

    private static readonly TimeSpan BetweenMarks = TimeSpan.FromSeconds(10);

    private readonly Lock gate = new();
    private DirectoryLock? directory;
    private GarnetServer? server;
    private RespClient? client;
    private RecoveryMarks? marks;
    private string? incomplete;
    private long checkpointAt;
    private long appendedBefore;

    private string Data => Path.GetFullPath(options.DataDirectory);

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Data, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        directory = DirectoryLock.Take(Data);
        try
        {
            server = new GarnetServer(Arguments(), new WarningsOnly(loggers));
            server.Start();
            client = RespClient.Connect(options);
        }
        catch (Exception error) when (error is not StoreError)
        {
            throw new StoreError($"The embedded Redis does not start on {options.Address}:{options.Port} with {Data}: {error.Message}", error);
        }

        marks = new RecoveryMarks(Data);
        incomplete = marks.Check(client);
        if (incomplete is not null)
        {
            // Nobody may be served half of the data, and nothing may be written over them.
            client.Dispose();
            server.Dispose();
            LogIncomplete(incomplete, Data);
            return Task.CompletedTask;
        }

        var keys = client.Send("DBSIZE") ?? "0";
        LogStarted(options.Address, options.Port, keys, Data);
        Checkpoint();
        return base.StartAsync(cancellationToken);
    }

    /// <exception cref="StoreError">Not ready, and why.</exception>
    public void Check()
    {
        if (incomplete is not null)
        {
            throw new StoreError($"Recovery was incomplete: {incomplete}. Restore the last backup; or, to go on with what is left, "
                + $"delete recovery.json in {Data} and start again.");
        }

        lock (gate)
        {
            _ = client?.Send("PING") ?? throw new StoreError("The embedded Redis is not started.");
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        if (incomplete is null)
        {
            lock (gate)
            {
                client?.Dispose();
                server?.Dispose();
                client = null;
            }
        }

        directory?.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(BetweenMarks, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            lock (gate)
            {
                marks!.Advance(client!);
            }

            if (time.GetElapsedTime(checkpointAt) > TimeSpan.FromMinutes(options.CheckpointMinutes)
                || AppendedBytes() - appendedBefore > options.CheckpointMegabytes * 1024L * 1024)
            {
                Checkpoint();
            }
        }
    }

    private void Checkpoint()
    {
        lock (gate)
        {
            if (client!.LongestKey() > LongestKey)
            {
                LogLongKey(LongestKey);
                checkpointAt = time.GetTimestamp();
                appendedBefore = AppendedBytes();
                return;
            }

            marks!.Checkpoint(client);
            checkpointAt = time.GetTimestamp();
            appendedBefore = AppendedBytes();
        }
    }

    private long AppendedBytes() => Directory.Exists(Path.Combine(Data, "AOF"))
        ? new DirectoryInfo(Path.Combine(Data, "AOF")).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length) : 0;

    private string[] Arguments() =>
    [
        "--bind", options.Address, "--port", Number(options.Port),
        "--auth", "Password", "--password", options.Password.Reveal(), "--protected-mode", "no",
        // What does not fit into memory goes to the disk; without the tier it would be dropped.
        "--storage-tier", "true", "--logdir", Data, "--checkpointdir", Data,
        // The native device wants libaio, and the process dies on its first write without.
        "--device-type", "RandomAccess",
        "--memory", $"{options.MaxMemoryMegabytes / 2}m", "--page", "4m", "--segment", "64m", "--index", "4m",
        // Every answer waits until its commit is in the append-only file: an acknowledged write survives kill -9.
        "--aof", "true", "--aof-memory", "32m", "--aof-page-size", "8m", "--aof-segment-size", "64m", "--aof-commit-freq", "0", "--aof-commit-wait", "true",
        "--recover", "true", "--fail-on-recovery-error", "true",
        "--compaction-type", "Lookup", "--compaction-freq", "0", "--compaction-max-segments", "8",
        "--max-inline-key-size", Number(LongestKey),
        "-q",
    ];

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    [LoggerMessage(Level = LogLevel.Information, Message = "Embedded Redis listens on {Address}:{Port} with {Keys} keys of {Directory}")]
    private partial void LogStarted(string address, int port, string keys, string directory);

    [LoggerMessage(Level = LogLevel.Error, Message = "No checkpoint: there is a key longer than {Limit} bytes, and Garnet could not read the checkpoint again. Delete it; until then the append-only file grows")]
    private partial void LogLongKey(int limit);

    [LoggerMessage(Level = LogLevel.Critical, Message = "The embedded Redis is not served: recovery was incomplete: {Problem}, in {Directory}")]
    private partial void LogIncomplete(string problem, string directory);
}
