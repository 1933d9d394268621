using Provost.Api.Courses;
using StackExchange.Redis;

namespace Provost.Api.State;

/// <summary>Insights that another replica has computed: without names, in one hash per course that a new version drops.</summary>
internal sealed class CachedInsights(RedisStore redis)
{
    private static readonly TimeSpan Life = TimeSpan.FromHours(1);

    public Task<byte[]?> FindAsync(string course, string key) => redis.RunAsync("insights.read", async database =>
        (byte[]?)await database.HashGetAsync(Keys.Insights(course), key));

    /// <param name="course">As it was when the value was computed: where it has changed since, the value is not kept, however late it comes.</param>
    /// <returns>Whether it was kept.</returns>
    public Task<bool> KeepAsync(CourseRecord course, string key, byte[] value) => redis.CommitAsync("insights.write", transaction =>
    {
        transaction.AddCondition(Condition.HashEqual(Keys.Course(course.Id), "revision", course.Revision));
        _ = transaction.HashSetAsync(Keys.Insights(course.Id), key, value);
        _ = transaction.KeyExpireAsync(Keys.Insights(course.Id), Life);
    });
}
