using Provost.Runbooks.Backups.Repositories;
using Provost.Runbooks.Backups.Stores;
using StackExchange.Redis;

namespace Provost.Runbooks.Tests.Backups;

/// <summary>The state over the network alone, from a real redis-server.</summary>
public sealed class ReplicaCutTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("yes")]
    [InlineData("no")]
    public async Task What_was_acknowledged_before_the_cut_is_in_it_and_nothing_of_later(string direct)
    {
        await using var real = new RealStores();
        var server = real.Next("server");
        await using var redis = await server.StartRedisAsync(RedisKind.Rdb, real.Below("data"), Stop);
        await redis.SetConfigAsync("repl-diskless-sync", direct);
        await FillAsync(redis.Database);
        using var over = new CancellationTokenSource();
        var acknowledged = 0L;
        var counting = CountAsync();
        await Task.Delay(100, Stop);

        await using (var cut = new ReplicaCut(redis, server.Redis!, real.Below("cut"), TimeProvider.System))
        {
            await cut.PrepareAsync(Stop);
            var before = Interlocked.Read(ref acknowledged);
            await cut.TakeAsync(Stop);
            var after = (long)await redis.Database.StringGetAsync("counter");
            await cut.CollectAsync(Stop);
            await over.CancelAsync();
            await counting;

            await using var copy = await CopyAsync(real, "cut");
            Assert.InRange((long)await copy.Database.StringGetAsync("counter"), before, after);
            await redis.Database.KeyDeleteAsync("counter");
            await copy.Database.KeyDeleteAsync("counter");
            Assert.Equal(await StateDigest.ReadAsync(redis, Stop), await StateDigest.ReadAsync(copy, Stop));
        }
        Assert.Equal("5", await redis.ConfigAsync("repl-diskless-sync-delay"));

        async Task CountAsync()
        {
            while (!over.IsCancellationRequested)
            {
                Interlocked.Exchange(ref acknowledged, await redis.Database.StringIncrementAsync("counter"));
            }
        }
    }

    [Fact]
    public async Task A_cut_that_is_tried_again_takes_what_was_written_meanwhile()
    {
        await using var real = new RealStores();
        var server = real.Next("server");
        await using var redis = await server.StartRedisAsync(RedisKind.Rdb, real.Below("data"), Stop);
        await using var cut = new ReplicaCut(redis, server.Redis!, real.Below("cut"), TimeProvider.System);

        await cut.PrepareAsync(Stop);
        await cut.TakeAsync(Stop);
        await redis.Database.StringSetAsync("late", "arrival");
        await cut.PrepareAsync(Stop);
        await cut.TakeAsync(Stop);
        await cut.CollectAsync(Stop);

        await using var copy = await CopyAsync(real, "cut");
        Assert.Equal("arrival", await copy.Database.StringGetAsync("late"));
    }

    [Fact]
    public async Task What_goes_to_another_machine_needs_no_Redis_of_the_same_version()
    {
        await using var real = new RealStores();
        var server = real.Next("server");
        var data = real.Below("data");
        await using var redis = await server.StartRedisAsync(RedisKind.Rdb, data, Stop);
        await FillAsync(redis.Database);

        await PlainCommands.RewriteAsync(redis, TimeProvider.System, Stop);

        var written = Assert.Single(Directory.GetFiles(Path.Combine(data, "appendonlydir"), "*.base.*"));
        Assert.StartsWith("*2\r\n$6\r\nSELECT", await File.ReadAllTextAsync(written, Stop), StringComparison.Ordinal);
        await using var again = await real.Next("again").StartRedisAsync(RedisKind.Aof, data, Stop);
        Assert.Equal(await StateDigest.ReadAsync(redis, Stop), await StateDigest.ReadAsync(again, Stop));
    }

    [Fact]
    public async Task A_user_without_the_rights_of_a_replica_is_told_which()
    {
        await using var real = new RealStores();
        var server = real.Next("server");
        await using var redis = await server.StartRedisAsync(RedisKind.Rdb, real.Below("data"), Stop);
        await redis.Database.ExecuteAsync("ACL", "SETUSER", "reader", "on", ">secret", "~*", "+@read", "+info", "+config|get", "+ping", "+auth");
        await using var cut = new ReplicaCut(redis, server.Redis! with { User = "reader", Password = "secret" }, real.Below("cut"), TimeProvider.System);

        var error = await Assert.ThrowsAsync<OperationError>(() => cut.PrepareAsync(Stop));

        Assert.Contains("NOPERM", error.Message, StringComparison.Ordinal);
        Assert.Contains("+psync", error.Remedy, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", error.Message, StringComparison.Ordinal);
    }

    private static async Task<RedisLink> CopyAsync(RealStores real, string cut)
    {
        StoreFiles.Arrange(RedisKind.Rdb, Path.Combine(real.Folder, cut), Path.Combine(real.Folder, "copied"));
        return await real.Next("copy").StartRedisAsync(RedisKind.Rdb, Path.Combine(real.Folder, "copied"), Stop);
    }

    private static async Task FillAsync(IDatabase database)
    {
        for (var i = 0; i < 500; i++)
        {
            await database.StringSetAsync($"text:{i}", new string('x', i));
            await database.HashSetAsync($"map:{i % 20}", $"field:{i}", i);
            await database.SetAddAsync($"set:{i % 20}", i);
            await database.SortedSetAddAsync($"order:{i % 20}", $"member:{i}", i / 7.0);
            await database.ListRightPushAsync($"list:{i % 20}", i);
        }
    }
}
