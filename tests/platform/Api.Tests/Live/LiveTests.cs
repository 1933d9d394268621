using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using Provost.Api.Courses;
using Provost.Api.Tests.Harness;
using Provost.Contracts;
using Provost.Harness;

namespace Provost.Api.Tests.Live;

public sealed class LiveTests(RealStores stores)
{
    private readonly string course = $"Live {Guid.NewGuid():N}"[..18];

    private string Id => CourseId.From(course);

    [Fact]
    public async Task Every_message_arrives_once_and_in_order_through_both_replicas_and_across_a_reconnection()
    {
        await using var api = await ApiServer.StartAsync(stores);
        await using var replica = await ApiServer.StartAsync(stores);
        using var professor = await api.SignInAsync($"p-{Id}", Role.Professor, course);
        using var elsewhere = await replica.SignInAsync($"p-{Id}", Role.Professor, course);
        var here = new ConcurrentQueue<CourseChange>();
        await using var first = await ConnectAsync(api, professor, here);
        await first.InvokeAsync(LiveNames.Watch, Id, 0L);

        var imports = Enumerable.Range(1, 10).Select(round => Task.Run(() => (round % 2 == 0 ? elsewhere : professor).ImportAsync(Id, SeededGradebook.Canvas(10, 5, revision: round))));
        await Task.WhenAll(imports);
        await UntilAsync(() => here.Count >= 10);
        var lastSeen = here.ElementAt(5).Sequence;
        await first.StopAsync();

        var there = new ConcurrentQueue<CourseChange>();
        await using var second = await ConnectAsync(replica, elsewhere, there);
        await second.InvokeAsync(LiveNames.Watch, Id, lastSeen);
        await professor.ImportAsync(Id, SeededGradebook.Canvas(10, 5, revision: 77));
        await UntilAsync(() => there.Count >= 5);

        Assert.Equal(Enumerable.Range(1, 10).Select(i => (long)i), here.Select(change => change.Sequence));
        Assert.Equal(Enumerable.Range((int)lastSeen + 1, 11 - (int)lastSeen).Select(i => (long)i), there.Select(change => change.Sequence));
    }

    [Fact]
    public async Task A_new_page_is_told_where_the_stream_stands()
    {
        await using var api = await ApiServer.StartAsync(stores);
        using var professor = await api.SignInAsync($"p-{Id}", Role.Professor, course);
        for (var round = 1; round <= 3; round++)
            await professor.ImportAsync(Id, SeededGradebook.Canvas(10, 5, revision: round));
        var messages = new ConcurrentQueue<CourseChange>();
        await using var page = await ConnectAsync(api, professor, messages);
        await page.InvokeAsync(LiveNames.Watch, Id, 0L);
        await professor.PutAsync($"api/courses/{Id}/settings", new CourseSettings(0.3, true, 0, null));
        await UntilAsync(() => messages.Count >= 2);

        Assert.Equal([(3L, "import"), (4L, "settings")], messages.Select(change => (change.Sequence, change.Kind)));
    }

    [Fact]
    public async Task Nobody_watches_a_course_without_a_role_in_it()
    {
        await using var api = await ApiServer.StartAsync(stores);
        using var professor = await api.SignInAsync($"p-{Id}", Role.Professor, course);
        using var admin = await api.SignInAsync($"admin-{Id}", Role.Admin);
        using var other = await api.SignInAsync($"other-{Id}", Role.Professor, course + " x");
        foreach (var stranger in (ApiClient[])[admin, other])
        {
            var messages = new ConcurrentQueue<CourseChange>();
            await using var connection = await ConnectAsync(api, stranger, messages);
            await Assert.ThrowsAsync<HubException>(() => connection.InvokeAsync(LiveNames.Watch, Id, 0L));
            await connection.InvokeAsync(LiveNames.Unwatch, Id);
            await professor.ImportAsync(Id, SeededGradebook.Canvas(10, 5, revision: stranger == admin ? 1 : 2));
            await Task.Delay(300);
            Assert.Empty(messages);
        }

        using var anonymous = new ApiClient(api.Url);
        await Assert.ThrowsAnyAsync<Exception>(() => ConnectAsync(api, anonymous, new ConcurrentQueue<CourseChange>()));
    }

    [Fact]
    public async Task Removing_an_account_cuts_its_connection_and_unwatching_ends_the_messages()
    {
        await using var api = await ApiServer.StartAsync(stores);
        await using var replica = await ApiServer.StartAsync(stores);
        using var professor = await api.SignInAsync($"p-{Id}", Role.Professor, course);
        using var assistant = await replica.SignInAsync($"ta-{Id}", Role.TA, course, ["A"]);
        var (messages, closed) = (new ConcurrentQueue<CourseChange>(), new TaskCompletionSource());
        await using var connection = await ConnectAsync(replica, assistant, messages);
        connection.Closed += _ =>
        {
            closed.TrySetResult();
            return Task.CompletedTask;
        };
        await connection.InvokeAsync(LiveNames.Watch, Id, 0L);
        await professor.ImportAsync(Id, SeededGradebook.Canvas(10, 5));
        await UntilAsync(() => messages.Count == 1);
        await connection.InvokeAsync(LiveNames.Unwatch, Id);
        await professor.ImportAsync(Id, SeededGradebook.Canvas(10, 5, revision: 1));
        await Task.Delay(300);
        Assert.Single(messages);

        await connection.InvokeAsync(LiveNames.Watch, Id, 2L);
        using var removed = await api.Operator.DeleteAsync($"api/operator/accounts/ta-{Id}");
        await closed.Task.WaitAsync(TimeSpan.FromSeconds(10));
        await professor.ImportAsync(Id, SeededGradebook.Canvas(10, 5, revision: 2));
        await Task.Delay(300);
        Assert.Single(messages);
    }

    [Fact]
    public async Task A_leaving_replica_says_so_and_the_next_one_goes_on_without_a_gap()
    {
        var api = await ApiServer.StartAsync(stores, ("Service:DrainSeconds", "2"));
        await using var replica = await ApiServer.StartAsync(stores);
        using var professor = await replica.SignInAsync($"p-{Id}", Role.Professor, course);
        using var watcher = await api.SignInAsync($"p-{Id}", Role.Professor, course);
        var (messages, notice, closed) = (new ConcurrentQueue<CourseChange>(), new TaskCompletionSource<DrainNotice>(), new TaskCompletionSource());
        await using var connection = await ConnectAsync(api, watcher, messages);
        connection.On<DrainNotice>(LiveNames.Leaving, notice.SetResult);
        connection.Closed += _ =>
        {
            closed.TrySetResult();
            return Task.CompletedTask;
        };
        await connection.InvokeAsync(LiveNames.Watch, Id, 0L);
        await professor.ImportAsync(Id, SeededGradebook.Canvas(10, 5));
        await UntilAsync(() => messages.Count == 1);

        api.Get<Provost.Hosting.Draining.Drain>().Begin(handOver: false);
        Assert.InRange((await notice.Task.WaitAsync(TimeSpan.FromSeconds(5))).ReconnectAfterMilliseconds, 1, 2000);
        await professor.ImportAsync(Id, SeededGradebook.Canvas(10, 5, revision: 1));
        await closed.Task.WaitAsync(TimeSpan.FromSeconds(10));
        await professor.ImportAsync(Id, SeededGradebook.Canvas(10, 5, revision: 2));
        await using var next = await ConnectAsync(replica, professor, messages);
        await next.InvokeAsync(LiveNames.Watch, Id, messages.Last().Sequence);
        await UntilAsync(() => messages.Count == 3);

        Assert.Equal([1L, 2L, 3L], messages.Select(change => change.Sequence));
        await api.DisposeAsync();
    }

    private static async Task<HubConnection> ConnectAsync(ApiServer api, ApiClient client, ConcurrentQueue<CourseChange> messages)
    {
        var connection = new HubConnectionBuilder().WithUrl(new Uri(api.Url, LiveNames.Path), options =>
        {
            options.Transports = HttpTransportType.WebSockets;
            options.SkipNegotiation = true;
            foreach (System.Net.Cookie cookie in client.Cookies.GetCookies(client.Http.BaseAddress!))
                options.Cookies.Add(api.Url, new System.Net.Cookie(cookie.Name, cookie.Value, "/"));
        }).Build();
        connection.On<CourseChange>(LiveNames.Changed, messages.Enqueue);
        await connection.StartAsync();
        return connection;
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        for (var attempt = 0; !condition(); attempt++, await Task.Delay(50))
            Assert.True(attempt < 200, "Not within 10 s");
    }
}
