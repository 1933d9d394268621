using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR.Client;
using Provost.Api.Courses;
using Provost.Api.Tests.Harness;
using Provost.Contracts;
using Provost.Harness;

namespace Provost.Api.Tests.State;

/// <summary>kill -9 of a store costs time and nothing else. With stores of its own: the others' must live.</summary>
public sealed class SurvivalTests : IAsyncLifetime
{
    private readonly RealStores stores = new();
    private readonly string course = $"Survive {Guid.NewGuid():N}"[..18];

    private string Id => CourseId.From(course);

    public async ValueTask InitializeAsync() => await stores.InitializeAsync();

    public async ValueTask DisposeAsync() => await stores.DisposeAsync();

    [Fact]
    public async Task Readers_writers_and_live_pages_do_not_notice_that_a_store_was_killed()
    {
        await using var api = await ApiServer.StartAsync(stores, ("Cache:Megabytes", "0"));
        using var professor = await api.SignInAsync($"p-{Id}", Role.Professor, course);
        await professor.ImportAsync(Id, SeededGradebook.Canvas(20, 5));
        var messages = new ConcurrentQueue<CourseChange>();
        await using var page = await ConnectAsync(api, professor, messages);
        await page.InvokeAsync(LiveNames.Watch, Id, 1L);

        var acknowledged = new List<long>();
        foreach (var (victim, round) in new[] { stores.Redis, stores.ClickHouse, stores.Redis, stores.ClickHouse }.Select((victim, round) => (victim, round)))
        {
            var reading = Enumerable.Range(0, 4).Select(_ => Task.Run(() => professor.GetAsync<CourseOverview>($"api/courses/{Id}/overview"))).ToArray();
            var importing = professor.ImportAsync(Id, SeededGradebook.Canvas(20, 5, revision: round + 1));
            await Task.Delay(7 * round);
            await victim.KillAsync();
            var during = professor.GetAsync<CourseOverview>($"api/courses/{Id}/overview");
            await victim.StartAsync();

            acknowledged.Add((await importing).Version);
            await Task.WhenAll(reading);
            Assert.Equal(20, (await during).Triage.Count);
            Assert.Equal(acknowledged[^1], (await professor.GetAsync<CourseOverview>($"api/courses/{Id}/overview")).Course.Version);
        }

        for (var attempt = 0; messages.Count < 4; attempt++, await Task.Delay(100))
            Assert.True(attempt < 150, $"{messages.Count} of 4 messages within 15 s");
        Assert.Equal([2L, 3L, 4L, 5L], messages.Select(message => message.Sequence));
        Assert.Equal(acknowledged, messages.Select(message => message.Version));
    }

    private static async Task<HubConnection> ConnectAsync(ApiServer api, ApiClient client, ConcurrentQueue<CourseChange> messages)
    {
        var connection = new HubConnectionBuilder().WithUrl(new Uri(api.Url, LiveNames.Path), options =>
        {
            options.Transports = HttpTransportType.WebSockets;
            options.SkipNegotiation = true;
            foreach (System.Net.Cookie cookie in client.Cookies.GetCookies(api.Url))
                options.Cookies.Add(api.Url, new System.Net.Cookie(cookie.Name, cookie.Value, "/"));
        }).Build();
        connection.On<CourseChange>(LiveNames.Changed, messages.Enqueue);
        await connection.StartAsync();
        return connection;
    }
}
