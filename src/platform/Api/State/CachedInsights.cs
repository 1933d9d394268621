
namespace Provost.Api.State;

/// <summary>Insights that another replica has computed: without names, in one hash per course that a new version drops.</summary>
internal sealed class CachedInsights(RedisStore redis)
{
    private static readonly TimeSpan Life = TimeSpan.FromHours(1);

    public Task<byte[]?> FindAsync(string course, string key) => redis.RunAsync("insights.read", async database =>
        (byte[]?)await database.HashGetAsync(Keys.Insights(course), key));

    public Task KeepAsync(string course, string key, byte[] value) => redis.CommitAsync("insights.write", transaction =>
    {
        _ = transaction.HashSetAsync(Keys.Insights(course), key, value);
        _ = transaction.KeyExpireAsync(Keys.Insights(course), Life);
    });
}
