using System.Collections.Concurrent;
using StackExchange.Redis;

namespace Provost.Stores.Tests.Redis;

/// <summary>What was acknowledged is there after kill -9; what was damaged is not served.</summary>
public sealed class RedisDurabilityTests
{
    [Fact]
    public async Task Every_acknowledged_write_survives_kill_9()
    {
        await using var store = await RedisStore.StartAsync();
        var acknowledged = new ConcurrentDictionary<string, string>();
        for (var round = 0; round < 3; round++)
        {
            await using (var redis = await store.ConnectAsync())
            {
                var writers = Enumerable.Range(0, 4).Select(writer => WriteAsync(redis.GetDatabase(), $"{round}:{writer}", acknowledged)).ToArray();
                await Patience.UntilAsync(() => acknowledged.Count >= (round + 1) * 100);
                await store.Process.KillAsync();
                await Task.WhenAll(writers);
            }

            await store.StartAgainAsync();
        }

        await using var after = await store.ConnectAsync();
        var lost = new List<string>();
        foreach (var (key, value) in acknowledged)
        {
            if (await after.GetDatabase().StringGetAsync(key) != value)
            {
                lost.Add(key);
            }
        }

        Assert.True(acknowledged.Count >= 300, $"only {acknowledged.Count} writes: nothing was tested");
        Assert.Empty(lost);
    }

    [Fact]
    public async Task Long_keys_large_values_and_every_structure_survive_a_checkpoint_and_a_restart()
    {
        await using var store = await RedisStore.StartAsync();
        var key = new string('k', 1000);
        var value = new string('v', 6_000_000);
        await using (var redis = await store.ConnectAsync())
        {
            var database = redis.GetDatabase();
            await database.StringSetAsync(key, value);
            await database.HashSetAsync("hash", "field", value);
            await database.ListRightPushAsync("list", [1, 2]);
            await database.SortedSetAddAsync("sorted", "member", 1.5);
            await redis.GetServers()[0].ExecuteAsync("SAVE");
            await database.StringSetAsync("after", "checkpoint");
        }

        Assert.Equal(0, await store.Process.StopAsync());
        await store.StartAgainAsync();

        await using var again = await store.ConnectAsync();
        var recovered = again.GetDatabase();
        Assert.Equal(value, await recovered.StringGetAsync(key));
        Assert.Equal(value, await recovered.HashGetAsync("hash", "field"));
        Assert.Equal(2, await recovered.ListLengthAsync("list"));
        Assert.Equal(1.5, await recovered.SortedSetScoreAsync("sorted", "member"));
        Assert.Equal("checkpoint", await recovered.StringGetAsync("after"));
    }

    [Fact]
    public async Task An_unreadable_checkpoint_is_not_ready_and_serves_nobody()
    {
        await using var store = await RedisStore.StartAsync();
        await using (var redis = await store.ConnectAsync())
        {
            await redis.GetDatabase().StringSetAsync("kept", "in the checkpoint");
            await redis.GetServers()[0].ExecuteAsync("SAVE");
            await redis.GetDatabase().StringSetAsync("tail", "in the append-only file");
        }

        await store.Process.KillAsync();
        var damaged = Directory.EnumerateFiles(Path.Combine(store.Data, "Store"), "info.dat*", SearchOption.AllDirectories)
            .Where(file => file.Contains("cpr-checkpoints", StringComparison.Ordinal)).ToArray();
        Assert.NotEmpty(damaged);
        foreach (var file in damaged)
        {
            await File.WriteAllBytesAsync(file, [1, 2, 3]);
        }

        await AssertRefusedAsync(store);
    }

    [Fact]
    public async Task A_lost_end_of_the_append_only_file_is_not_ready()
    {
        await using var store = await RedisStore.StartAsync();
        await using (var redis = await store.ConnectAsync())
        {
            await redis.GetDatabase().StringSetAsync("last", "write");
        }

        // The mark at the end of the file is written every ten seconds.
        await Task.Delay(TimeSpan.FromSeconds(12));
        await store.Process.KillAsync();
        foreach (var file in Directory.EnumerateFiles(Path.Combine(store.Data, "AOF"), "*", SearchOption.AllDirectories))
        {
            File.Delete(file);
        }

        await AssertRefusedAsync(store);
    }

    [Fact]
    public async Task A_second_process_on_the_same_data_is_refused_with_the_first_ones_number()
    {
        await using var store = await RedisStore.StartAsync();
        await using var second = store.Launch(StoreProcess.FreePort());

        Assert.NotEqual(0, await second.ExitAsync());
        Assert.Contains($"in use by process {store.Process.Id}", second.Output, StringComparison.Ordinal);
    }

    private static async Task WriteAsync(IDatabase database, string prefix, ConcurrentDictionary<string, string> acknowledged)
    {
        for (var i = 0; i < 1_000_000; i++)
        {
            try
            {
                await database.StringSetAsync($"{prefix}:{i}", $"value {i}");
                acknowledged[$"{prefix}:{i}"] = $"value {i}";
            }
            catch (Exception error) when (error is RedisException or TimeoutException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private static async Task AssertRefusedAsync(RedisStore store)
    {
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => store.StartAgainAsync(TimeSpan.FromSeconds(8)));

        Assert.Matches("Recovery was incomplete|does not start", error.Message);
        await Assert.ThrowsAsync<RedisConnectionException>(() => store.ConnectAsync());
    }
}
