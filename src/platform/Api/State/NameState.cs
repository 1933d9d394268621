using Provost.Api.Privacy;
using StackExchange.Redis;

namespace Provost.Api.State;

/// <summary>Names, encrypted, one hash per course: the one erasable place.</summary>
internal sealed class NameState(RedisStore redis, NameCipher cipher)
{
    public Task<Dictionary<string, PersonName>> AllAsync(string course) => redis.RunAsync("names.read", async database =>
        (await database.HashGetAllAsync(Keys.Names(course))).ToDictionary(
            entry => entry.Name.ToString(),
            entry => cipher.Decrypt(course, entry.Name.ToString(), (byte[])entry.Value!)));

    public Task<PersonName?> FindAsync(string course, string student) => redis.RunAsync("name.read", async database =>
        await database.HashGetAsync(Keys.Names(course), student) is { IsNull: false } value
            ? cipher.Decrypt(course, student, (byte[])value!)
            : null);

    public byte[] Encrypt(string course, string student, PersonName name) => cipher.Encrypt(course, student, name);

    public Task<HashSet<string>> ErasedAsync(string course) => redis.RunAsync("erased.read", async database =>
        (await database.SetMembersAsync(Keys.Erased(course))).Select(key => key.ToString()).ToHashSet());

    /// <summary>Marks keys as erased and drops what was cached of the course; imports leave these students out from now on.</summary>
    public Task MarkErasedAsync(string course, IReadOnlyCollection<string> students) => redis.CommitAsync("erased.mark", transaction =>
    {
        _ = transaction.SetAddAsync(Keys.Erased(course), Values(students));
        _ = transaction.KeyDeleteAsync(Keys.Insights(course));
    });

    /// <returns>How many names were there.</returns>
    public Task<int> DeleteAsync(string course, IReadOnlyCollection<string> students) => redis.RunAsync("names.delete", async database =>
    {
        var transaction = database.CreateTransaction();
        var removed = transaction.HashDeleteAsync(Keys.Names(course), Values(students));
        _ = transaction.SetRemoveAsync(Keys.Bands(course), Values(students));
        _ = transaction.KeyDeleteAsync(Keys.Insights(course));
        await transaction.ExecuteAsync();
        return (int)await removed;
    });

    private static RedisValue[] Values(IReadOnlyCollection<string> students) => [.. students.Select(student => (RedisValue)student)];
}
