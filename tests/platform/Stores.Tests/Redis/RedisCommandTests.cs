using System.Collections.Concurrent;
using StackExchange.Redis;

namespace Provost.Stores.Tests.Redis;

/// <summary>What the platform keeps in Redis, by the client that it uses.</summary>
public sealed class RedisCommandTests
{
    [Fact]
    public async Task Strings_hashes_lists_sets_sorted_sets_expiry_transactions_and_messages_work()
    {
        await using var store = await RedisStore.StartAsync();
        await using var redis = await store.ConnectAsync();
        var database = redis.GetDatabase();

        Assert.True(await database.StringSetAsync("session", "value", TimeSpan.FromMinutes(5)));
        Assert.InRange((await database.KeyTimeToLiveAsync("session"))!.Value, TimeSpan.FromMinutes(4), TimeSpan.FromMinutes(5));
        Assert.False(await database.StringSetAsync("session", "other", when: When.NotExists));
        Assert.Equal(2, await database.StringIncrementAsync("sequence", 2));

        await database.HashSetAsync("account", [new("name", "ada"), new("role", "professor")]);
        Assert.Equal("professor", await database.HashGetAsync("account", "role"));

        await database.ListRightPushAsync("outbox", [1, 2, 3]);
        Assert.Equal(1, await database.ListLeftPopAsync("outbox"));
        Assert.Equal(2, await database.ListLengthAsync("outbox"));

        await database.SetAddAsync("sections", ["a", "b", "a"]);
        Assert.Equal(2, await database.SetLengthAsync("sections"));

        await database.SortedSetAddAsync("ranks", [new("x", 2), new("y", 1)]);
        Assert.Equal(["y", "x"], (await database.SortedSetRangeByRankAsync("ranks")).Select(value => value.ToString()));

        var refused = database.CreateTransaction();
        refused.AddCondition(Condition.StringEqual("session", "not this"));
        _ = refused.KeyDeleteAsync("session");
        Assert.False(await refused.ExecuteAsync());
        var accepted = database.CreateTransaction();
        accepted.AddCondition(Condition.StringEqual("session", "value"));
        var deletion = accepted.KeyDeleteAsync("session");
        Assert.True(await accepted.ExecuteAsync());
        Assert.True(await deletion);

        await MessagesArriveAsync(redis);
    }

    [Fact]
    public async Task A_wrong_password_and_no_password_are_refused()
    {
        await using var store = await RedisStore.StartAsync();

        await Assert.ThrowsAsync<RedisConnectionException>(() => store.ConnectAsync("wrong"));
        await Assert.ThrowsAnyAsync<RedisException>(async () =>
        {
            await using var redis = await store.ConnectAsync("");
            await redis.GetDatabase().StringGetAsync("x");
        });
    }

    private static async Task MessagesArriveAsync(ConnectionMultiplexer redis)
    {
        var received = new BlockingCollection<string>();
        var channel = RedisChannel.Literal("course:1");
        await redis.GetSubscriber().SubscribeAsync(channel, (_, message) => received.Add(message!));
        await redis.GetSubscriber().SubscribeAsync(RedisChannel.Pattern("course:*"), (_, message) => received.Add($"pattern {message}"));

        await redis.GetSubscriber().PublishAsync(channel, "import landed");

        var messages = new[] { Take(), Take() };
        Assert.Contains("import landed", messages);
        Assert.Contains("pattern import landed", messages);

        string Take() => received.TryTake(out var message, TimeSpan.FromSeconds(10)) ? message : "nothing";
    }
}
