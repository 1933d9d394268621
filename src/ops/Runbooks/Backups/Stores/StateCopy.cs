using StackExchange.Redis;

namespace Provost.Runbooks.Backups.Stores;

/// <summary>Every key of one Redis into another by plain commands: whatever server wrote the first, and whatever server the second is.</summary>
internal static class StateCopy
{
    private const int Page = 200;

    public static async Task RunAsync(RedisLink from, RedisLink to, CancellationToken cancellation)
    {
        await foreach (var keys in from.PagesAsync(Page, cancellation))
        {
            await RedisLink.AskAsync(() => Task.WhenAll(keys.Where(key => !StateDigest.IsOwnMark(key)).Select(key => CopyAsync(from.Database, to.Database, key))));
        }
    }

    private static async Task<bool> CopyAsync(IDatabase from, IDatabase to, RedisKey key)
    {
        var (typeOf, lifeOf) = (from.KeyTypeAsync(key), from.KeyTimeToLiveAsync(key));
        var (type, life) = (await typeOf, await lifeOf);
        await (type switch
        {
            RedisType.None => Task.CompletedTask,
            RedisType.String => to.StringSetAsync(key, await from.StringGetAsync(key)),
            RedisType.List => to.ListRightPushAsync(key, await from.ListRangeAsync(key)),
            RedisType.Set => to.SetAddAsync(key, await from.SetMembersAsync(key)),
            RedisType.Hash => to.HashSetAsync(key, await from.HashGetAllAsync(key)),
            RedisType.SortedSet => to.SortedSetAddAsync(key, await from.SortedSetRangeByRankWithScoresAsync(key)),
            _ => throw new OperationError(ErrorKind.Refused, $"the key {key} has the type {type}, which backups do not know", "the platform has no such key: find out who wrote it, and remove it"),
        });
        // One that ended meanwhile has nothing to set a life for.
        return life is { } left && await to.KeyExpireAsync(key, left > TimeSpan.Zero ? left : TimeSpan.FromMilliseconds(1));
    }
}
