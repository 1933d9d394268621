using StackExchange.Redis;

namespace Provost.Api.State;

/// <summary>How replicas agree on a fence: a channel that all of them listen to, and a count of those who answered.</summary>
internal sealed class FenceState(RedisStore redis)
{
    private static readonly TimeSpan KeepCount = TimeSpan.FromMinutes(1);

    /// <summary>Asks every replica to answer; nobody stands still for it.</summary>
    public Task CallAsync(string token) => redis.RunAsync("fence.call", database => database.PublishAsync(RedisChannel.Literal(Keys.Fences), $"call:{token}"));

    public Task<bool> BeginAsync(string token, TimeSpan most) => redis.RunAsync("fence.raise", async database =>
    {
        if (!await database.StringSetAsync(Keys.Fence, token, most, When.NotExists))
            return false;
        await database.PublishAsync(RedisChannel.Literal(Keys.Fences), $"raise:{token}");
        return true;
    });

    /// <summary>Fence that is up, and for how long it still is.</summary>
    public Task<(string? Token, TimeSpan Left)> CurrentAsync() => redis.RunAsync("fence.read", async database =>
    {
        var found = await database.StringGetWithExpiryAsync(Keys.Fence);
        return (found.Value.IsNull ? null : found.Value.ToString(), found.Expiry ?? TimeSpan.Zero);
    });

    /// <summary>What a replica says to a call, and to a fence once it stands still.</summary>
    public Task AnswerAsync(string token) => redis.RunAsync("fence.answer", async database =>
    {
        var transaction = database.CreateTransaction();
        _ = transaction.StringIncrementAsync(Keys.Answers(token));
        _ = transaction.KeyExpireAsync(Keys.Answers(token), KeepCount);
        return await transaction.ExecuteAsync();
    });

    public Task<long> AnswersAsync(string token) => redis.RunAsync("fence.count", async database => (long)await database.StringGetAsync(Keys.Answers(token)));

    /// <summary>Replicas that listen.</summary>
    public Task<long> ReplicasAsync() => redis.RunAsync("fence.replicas", async database =>
        ((RedisResult[])(await database.ExecuteAsync("PUBSUB", "NUMSUB", Keys.Fences))!) is [_, var count] ? (long)count : 0);

    public Task EndAsync(string token) => redis.RunAsync("fence.lower", async database =>
    {
        await database.KeyDeleteAsync([Keys.Fence, Keys.Answers(token)]);
        return await database.PublishAsync(RedisChannel.Literal(Keys.Fences), $"lower:{token}");
    });
}
