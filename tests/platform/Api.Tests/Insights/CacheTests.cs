using System.Net;
using System.Net.Http.Headers;
using Provost.Api.Courses;
using Provost.Api.State;
using Provost.Api.Tests.Harness;
using Provost.Contracts;
using Provost.Harness;

namespace Provost.Api.Tests.Insights;

public sealed class CacheTests(RealStores stores)
{
    private static readonly string[] Views = ["overview", "items", "distributions"];
    private readonly string course = $"Cache {Guid.NewGuid():N}"[..18];

    private string Id => CourseId.From(course);

    [Fact]
    public async Task A_cached_answer_has_the_same_bytes_as_a_computed_one_from_memory_and_from_Redis()
    {
        await using var api = await ApiServer.StartAsync(stores);
        await using var replica = await ApiServer.StartAsync(stores);
        await using var without = await ApiServer.StartAsync(stores, ("Cache:Megabytes", "0"));
        await api.ImportAsync(course, SeededGradebook.Canvas(40, 12));
        foreach (var (role, sections) in ((Role, string[]?)[])[(Role.Professor, null), (Role.TA, ["Section A"])])
        {
            var user = $"{role}-{Id}".ToLowerInvariant();
            using var first = await api.SignInAsync(user, role, course, sections);
            using var second = await replica.SignInAsync(user, role, course, sections);
            using var bare = await without.SignInAsync(user, role, course, sections);
            foreach (var view in Views)
            {
                var computed = await bare.Http.GetByteArrayAsync($"api/courses/{Id}/{view}");
                var made = await first.Http.GetByteArrayAsync($"api/courses/{Id}/{view}");
                var fromMemory = await first.Http.GetByteArrayAsync($"api/courses/{Id}/{view}");
                var fromRedis = await second.Http.GetByteArrayAsync($"api/courses/{Id}/{view}");
                Assert.Equal(computed, made);
                Assert.Equal(computed, fromMemory);
                Assert.Equal(computed, fromRedis);
            }
        }
    }

    /// <summary>A backup's fence can hold an answer back for seconds; what was erased meanwhile must not come with it.</summary>
    [Fact]
    public async Task An_answer_that_is_shared_after_its_course_has_changed_is_not_kept()
    {
        await using var api = await ApiServer.StartAsync(stores);
        await api.ImportAsync(course, SeededGradebook.Canvas(20, 5));
        var (shared, courses) = (api.Get<CachedInsights>(), api.Get<CourseState>());
        var before = (await courses.FindAsync(Id))!;
        Assert.True(await shared.KeepAsync(before, "field", [1]));
        Assert.Equal([1], await shared.FindAsync(Id, "field"));

        await api.ImportAsync(course, SeededGradebook.Canvas(20, 5, revision: 1));

        Assert.False(await shared.KeepAsync(before, "field", [2]));
        Assert.Null(await shared.FindAsync(Id, "field"));
        Assert.True(await shared.KeepAsync((await courses.FindAsync(Id))!, "field", [3]));
    }

    [Fact]
    public async Task No_replica_shows_anything_old_after_an_import_or_a_change_of_rules_was_answered()
    {
        await using var api = await ApiServer.StartAsync(stores);
        await using var replica = await ApiServer.StartAsync(stores);
        await api.ImportAsync(course, SeededGradebook.Canvas(20, 5));
        using var professor = await api.SignInAsync($"p-{Id}", Role.Professor, course);
        using var elsewhere = await replica.SignInAsync($"p-{Id}", Role.Professor, course);
        for (var round = 1; round <= 8; round++)
        {
            var before = (await elsewhere.GetAsync<CourseOverview>($"api/courses/{Id}/overview")).Course.Version;
            var report = await professor.ImportAsync(Id, SeededGradebook.Canvas(20, 5, revision: round));
            var after = await elsewhere.GetAsync<CourseOverview>($"api/courses/{Id}/overview");
            Assert.True(report.Version > before);
            Assert.Equal(report.Version, after.Course.Version);

            var capacity = 0.1 + (0.1 * round);
            Assert.Equal(HttpStatusCode.OK, (await professor.PutAsync($"api/courses/{Id}/settings", new CourseSettings(capacity, true, 0, null))).StatusCode);
            var triage = (await elsewhere.GetAsync<CourseOverview>($"api/courses/{Id}/overview")).Triage;
            Assert.InRange(triage.Count(row => row.WithinCapacity), (20 * capacity) - 1, (20 * capacity) + 1);
        }
    }

    [Fact]
    public async Task An_unchanged_answer_costs_no_bytes_and_a_packed_one_few()
    {
        await using var api = await ApiServer.StartAsync(stores);
        await api.ImportAsync(course, SeededGradebook.Canvas(60, 10));
        using var professor = await api.SignInAsync($"p-{Id}", Role.Professor, course);
        using var plain = await professor.Http.GetAsync($"api/courses/{Id}/overview");
        var whole = await plain.Content.ReadAsByteArrayAsync();

        using var conditional = new HttpRequestMessage(HttpMethod.Get, $"api/courses/{Id}/overview");
        conditional.Headers.IfNoneMatch.Add(plain.Headers.ETag!);
        using var unchanged = await professor.Http.SendAsync(conditional);
        using var packing = new HttpRequestMessage(HttpMethod.Get, $"api/courses/{Id}/overview");
        packing.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue("br"));
        using var packed = await professor.Http.SendAsync(packing);
        var small = await packed.Content.ReadAsByteArrayAsync();
        using var unpacked = new MemoryStream();
        await using (var brotli = new System.IO.Compression.BrotliStream(new MemoryStream(small), System.IO.Compression.CompressionMode.Decompress))
            await brotli.CopyToAsync(unpacked, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.NotModified, unchanged.StatusCode);
        Assert.True(small.Length * 4 < whole.Length, $"{small.Length} of {whole.Length}");
        Assert.Equal(whole, unpacked.ToArray());
    }
}
