using StackExchange.Redis;

namespace Provost.Stores.Tests.Redis;

/// <summary>A running embedded Redis, and a way to reach it.</summary>
internal sealed class RedisStore : IAsyncDisposable
{
    public const string Password = "correct horse";

    private readonly TemporaryDirectory directory = new();
    private readonly int port = StoreProcess.FreePort();

    public StoreProcess Process { get; private set; } = null!;

    public string Data => directory.Sub("redis");

    public static async Task<RedisStore> StartAsync()
    {
        var store = new RedisStore();
        await File.WriteAllTextAsync(Path.Combine(store.directory.Sub("secrets"), "Redis__Password"), Password);
        await store.StartAgainAsync();
        return store;
    }

    public Task StartAgainAsync(TimeSpan? limit = null)
    {
        Process = Launch(port);
        return Process.ReadyAsync(limit);
    }

    public StoreProcess Launch(int? otherPort = null) => StoreProcess.Launch(
        "redis",
        new Dictionary<string, string> { ["Redis__DataDirectory"] = Data, ["Redis__Port"] = $"{otherPort ?? port}" },
        directory.Sub("secrets"));

    public async Task<ConnectionMultiplexer> ConnectAsync(string password = Password, bool abort = true) =>
        await ConnectionMultiplexer.ConnectAsync($"127.0.0.1:{port},password={password},abortConnect={abort},allowAdmin=true,connectTimeout=3000,connectRetry=0");

    public async ValueTask DisposeAsync()
    {
        await Process.DisposeAsync();
        directory.Dispose();
    }
}
