using Provost.Runbooks.Backups.Repositories;
using Provost.Runbooks.Backups.Stores;
using StackExchange.Redis;

namespace Provost.Runbooks.Tests.Backups;

/// <summary>The state from one kind of server into the other, both real.</summary>
public sealed class StateCopyTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Every_key_arrives_with_its_life_whatever_either_server_is(bool intoEmbedded)
    {
        await using var real = new RealStores();
        await using var from = await real.Next("from").StartRedisAsync(intoEmbedded ? RedisKind.Aof : RedisKind.Garnet, real.Below("from-data"), Stop);
        await using var to = await real.Next("to").StartRedisAsync(intoEmbedded ? RedisKind.Garnet : RedisKind.Aof, real.Below("to-data"), Stop);
        await FillAsync(from.Database);
        var held = await StateDigest.ReadAsync(from, Stop);

        await StateCopy.RunAsync(from, to, Stop);

        Assert.Equal(5, held.Count);
        Assert.Equal(held, await StateDigest.ReadAsync(to, Stop));
        Assert.Equal("passes", (string?)await to.Database.StringGetAsync("session"));
        Assert.InRange((await to.Database.KeyTimeToLiveAsync("session"))!.Value.TotalSeconds, 500, 600);
    }

    private static async Task FillAsync(IDatabase database)
    {
        for (var i = 0; i < 700; i++)
        {
            await database.StringSetAsync($"string:{i}", new byte[] { 0, 13, 10, (byte)i, 255 }, flags: CommandFlags.FireAndForget);
        }
        await database.ListRightPushAsync("erasures", ["first", "second", "first"]);
        await database.SetAddAsync("set", ["a", "b"]);
        await database.HashSetAsync("hash", [new HashEntry("name", "value"), new HashEntry("other", "")]);
        await database.SortedSetAddAsync("sorted", [new SortedSetEntry("a", 0.1), new SortedSetEntry("b", -3e300)]);
        await database.StringSetAsync("session", "passes", TimeSpan.FromMinutes(10));
    }
}
