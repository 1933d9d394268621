using Provost.Api.Accounts;
using StackExchange.Redis;

namespace Provost.Api.State;

/// <summary>Counts attempts in a window; the count is taken before the attempt, so that parallel guesses are counted too.</summary>
internal sealed class Throttle(RedisStore redis)
{
    /// <summary>Counts one attempt.</summary>
    /// <returns>Null when it may go on; else how long to wait.</returns>
    public Task<TimeSpan?> CountAsync(string kind, string subject, int limit, TimeSpan window) => redis.RunAsync("throttle.count", async database =>
    {
        var key = Keys.Throttle(kind, Secrets.Hash(subject));
        var transaction = database.CreateTransaction();
        _ = transaction.StringSetAsync(key, 0, window, When.NotExists);
        var count = transaction.StringIncrementAsync(key);
        var left = transaction.KeyTimeToLiveAsync(key);
        await transaction.ExecuteAsync();
        return await count > limit ? await left ?? window : (TimeSpan?)null;
    });

    /// <summary>A success: what went wrong before is forgiven.</summary>
    public Task ForgiveAsync(string kind, string subject) =>
        redis.RunAsync("throttle.forgive", database => database.KeyDeleteAsync(Keys.Throttle(kind, Secrets.Hash(subject))));

    /// <summary>An attempt that succeeded does not count: many people sign in from one address of a campus.</summary>
    public Task RefundAsync(string kind, string subject) => redis.RunAsync("throttle.refund", async database =>
    {
        var key = Keys.Throttle(kind, Secrets.Hash(subject));
        return await database.KeyExistsAsync(key) ? await database.StringDecrementAsync(key) : 0;
    });
}
