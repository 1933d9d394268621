using System.Text.Json;
using Provost.Api.Courses;
using Provost.Contracts;
using StackExchange.Redis;

namespace Provost.Api.State;

/// <summary>Courses, their imports and the log of live messages. A change and its message are one transaction.</summary>
internal sealed class CourseState(RedisStore redis)
{
    private const int KeptImports = 200;
    private const int KeptMessages = 1000;
    private static readonly RedisValue[] Fields = ["record", "revision"];

    public Task<CourseRecord?> FindAsync(string course) =>
        redis.RunAsync("course.read", database => ReadAsync(database, course));

    public Task<CourseRecord[]> AllAsync() => redis.RunAsync("course.list", async database =>
    {
        var ids = await database.SetMembersAsync(Keys.Courses);
        var records = await Task.WhenAll(ids.Select(id => ReadAsync(database, id.ToString())));
        return records.OfType<CourseRecord>().OrderBy(course => course.Name, StringComparer.OrdinalIgnoreCase).ToArray();
    });

    /// <summary>The course of that name or id, made when there is none.</summary>
    public async Task<CourseRecord> EnsureAsync(string name)
    {
        var id = CourseId.From(name);
        while (true)
        {
            if (await FindAsync(id) is { } found)
                return found;
            var made = new CourseRecord { Id = id, Name = name.Trim() };
            await redis.CommitAsync("course.create", transaction =>
            {
                transaction.AddCondition(Condition.KeyNotExists(Keys.Course(id)));
                _ = transaction.HashSetAsync(Keys.Course(id), [new("record", Write(made)), new("revision", 1)]);
                _ = transaction.SetAddAsync(Keys.Courses, id);
            });
        }
    }

    /// <summary>A number that no other attempt to write a snapshot of this course has.</summary>
    public Task<long> NextVersionAsync(string course) =>
        redis.RunAsync("course.version", database => database.StringIncrementAsync(Keys.Versions(course)));

    public Task<long> FinishedStampAsync() =>
        redis.RunAsync("course.finished", async database => (long)await database.StringGetAsync(Keys.Finished));

    /// <summary>Replaces the record unless somebody else did: the commit point of every change of a course.</summary>
    /// <returns>The record as stored, or null when <paramref name="commit"/>.From is no longer current.</returns>
    public async Task<CourseRecord?> ReplaceAsync(CourseCommit commit)
    {
        var (from, id) = (commit.From, commit.From.Id);
        var to = commit.To with { Commit = Guid.NewGuid().ToString("N"), Sequence = from.Sequence + 1 };
        var change = new CourseChange(id, to.Sequence, to.Version, commit.Kind, commit.Text);
        var committed = await redis.CommitAsync("course.commit", transaction =>
        {
            transaction.AddCondition(Condition.HashEqual(Keys.Course(id), "revision", from.Revision));
            _ = transaction.HashSetAsync(Keys.Course(id), [new("record", Write(to)), new("revision", from.Revision + 1)]);
            _ = transaction.SortedSetAddAsync(Keys.Live(id), JsonSerializer.SerializeToUtf8Bytes(change, ApiJson.Default.CourseChange), to.Sequence);
            _ = transaction.SortedSetRemoveRangeByRankAsync(Keys.Live(id), 0, -KeptMessages - 1);
            _ = transaction.KeyDeleteAsync(Keys.Insights(id));
            if (commit.Names.Count > 0)
                _ = transaction.HashSetAsync(Keys.Names(id), [.. commit.Names.Select(name => new HashEntry(name.Key, name.Value))]);
            if (commit.Import is { } import)
            {
                _ = transaction.ListLeftPushAsync(Keys.Imports(id), JsonSerializer.SerializeToUtf8Bytes(import, ApiJson.Default.ImportSummary));
                _ = transaction.ListTrimAsync(Keys.Imports(id), 0, KeptImports - 1);
            }

            if (from.Finished || to.Finished)
                _ = transaction.StringIncrementAsync(Keys.Finished);
            _ = transaction.PublishAsync(RedisChannel.Literal(Keys.Doorbell), $"{Keys.Course(id)}:{commit.Kind}");
        });
        if (committed)
            return to with { Revision = from.Revision + 1 };

        // The answer to a transaction that took effect may have been lost with the connection.
        return await FindAsync(id) is { } current && current.Commit == to.Commit ? current : null;
    }

    public Task<ImportSummary[]> ImportsAsync(string course) => redis.RunAsync("course.imports", async database =>
        (await database.ListRangeAsync(Keys.Imports(course)))
            .Select(line => JsonSerializer.Deserialize((byte[])line!, ApiJson.Default.ImportSummary)!).ToArray());

    /// <summary>Live messages after a sequence number, in order.</summary>
    public Task<CourseChange[]> ChangesAfterAsync(string course, long sequence) => redis.RunAsync("live.read", async database =>
        (await database.SortedSetRangeByScoreAsync(Keys.Live(course), sequence, double.PositiveInfinity, Exclude.Start))
            .Select(line => JsonSerializer.Deserialize((byte[])line!, ApiJson.Default.CourseChange)!).ToArray());

    public Task<bool> HasBandAsync(string course, string student) =>
        redis.RunAsync("band.read", database => database.SetContainsAsync(Keys.Bands(course), student));

    public Task ChooseBandAsync(string course, string student, bool optIn) => redis.RunAsync("band.write", database =>
        optIn ? database.SetAddAsync(Keys.Bands(course), student) : database.SetRemoveAsync(Keys.Bands(course), student));

    internal static async Task<CourseRecord?> ReadAsync(IDatabase database, string course) =>
        Parse(await database.HashGetAsync(Keys.Course(course), Fields));

    private static CourseRecord? Parse(RedisValue[] fields) => fields[0].IsNull
        ? null
        : JsonSerializer.Deserialize((byte[])fields[0]!, ApiJson.Default.CourseRecord)! with { Revision = (long)fields[1] };

    private static byte[] Write(CourseRecord course) => JsonSerializer.SerializeToUtf8Bytes(course, ApiJson.Default.CourseRecord);
}
