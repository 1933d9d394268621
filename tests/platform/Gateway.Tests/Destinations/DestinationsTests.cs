using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Provost.Hosting.Tests;

namespace Provost.Gateway.Tests.Destinations;

public sealed class DestinationsTests
{
    [Theory]
    [InlineData("PUT", "/gateway/destinations", """{"api":["http://127.0.0.1:1"]}""")]
    [InlineData("GET", "/gateway/destinations", null)]
    [InlineData("PUT", "/gateway/maintenance", """{"message":"gone","retryAfterSeconds":9}""")]
    [InlineData("POST", "/drain", null)]
    public async Task Where_a_token_is_set_another_user_of_the_machine_can_neither_take_sessions_nor_close_the_edge(string method, string path, string? body)
    {
        var (replica, address) = await TestEdge.ReplicaAsync("old");
        await using var stays = replica;
        await using var edge = await TestEdge.StartAsync([address], [address], ("Listen:AdminToken", "the-token"));
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(edge.Admin.BaseAddress!, path));
        request.Content = body is null ? null : new StringContent(body, null, "application/json");

        using var refused = await edge.Admin.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(System.Net.HttpStatusCode.Unauthorized, refused.StatusCode);
        Assert.Equal("old", await edge.Client.GetStringAsync(new Uri("/api/who", UriKind.Relative), TestContext.Current.CancellationToken));
        using var known = new HttpRequestMessage(HttpMethod.Get, new Uri(edge.Admin.BaseAddress!, "/gateway/destinations")) { Headers = { Authorization = new("Bearer", "the-token") } };
        using var answered = await edge.Admin.SendAsync(known, TestContext.Current.CancellationToken);
        Assert.Equal(System.Net.HttpStatusCode.OK, answered.StatusCode);
    }

    [Fact]
    public async Task Switching_under_load_fails_nothing_and_when_it_returns_new_requests_go_only_there()
    {
        var (old, oldAddress) = await TestEdge.ReplicaAsync("old");
        var (fresh, newAddress) = await TestEdge.ReplicaAsync("new");
        await using var oldReplica = old;
        await using var newReplica = fresh;
        await using var edge = await TestEdge.StartAsync([oldAddress], []);
        using var done = new CancellationTokenSource();
        var failures = new ConcurrentBag<string>();
        Task[] load = [.. Enumerable.Range(0, 4).Select(_ => LoadAsync(edge.Client, failures, done.Token))];

        for (var round = 0; round < 10; round++)
        {
            var (name, address) = round % 2 == 0 ? ("new", newAddress) : ("old", oldAddress);
            using var answer = await edge.Admin.PutAsJsonAsync(
                "/gateway/destinations?drainWait=10", new { api = new[] { address } }, TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            for (var request = 0; request < 10; request++)
            {
                Assert.Equal(name, await edge.Client.GetStringAsync(new Uri("/api/who", UriKind.Relative), TestContext.Current.CancellationToken));
            }
        }

        await done.CancelAsync();
        await Task.WhenAll(load);
        Assert.Empty(failures);
    }

    [Fact]
    public async Task Drain_wait_returns_when_the_removed_destination_has_finished_its_requests()
    {
        var (old, oldAddress) = await TestEdge.ReplicaAsync("old");
        var (fresh, newAddress) = await TestEdge.ReplicaAsync("new");
        await using var oldReplica = old;
        await using var newReplica = fresh;
        await using var edge = await TestEdge.StartAsync([oldAddress], []);
        var slow = edge.Client.GetStringAsync("/api/slow/1500", TestContext.Current.CancellationToken);
        await Eventually.HoldsAsync(async () => (await ReportAsync(edge)).GetProperty("api")[0].GetProperty("requests").GetInt32() == 1, "one in flight");

        using (await edge.Admin.PutAsJsonAsync("/gateway/destinations", new { api = new[] { newAddress } }, TestContext.Current.CancellationToken))
        {
            var leaving = (await ReportAsync(edge)).GetProperty("leaving")[0];
            Assert.Equal((oldAddress, 1), (leaving.GetProperty("address").GetString(), leaving.GetProperty("requests").GetInt32()));
        }

        using var waited = await edge.Admin.PutAsJsonAsync("/gateway/destinations?drainWait=30", new { api = new[] { newAddress } }, TestContext.Current.CancellationToken);
        Assert.True(slow.IsCompletedSuccessfully || await Task.WhenAny(slow, Task.Delay(500, TestContext.Current.CancellationToken)) == slow);
        Assert.Equal("old", await slow);
        Assert.Equal(0, (await ReportAsync(edge)).GetProperty("leaving").GetArrayLength());
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("{\"api\":[\"ftp://x\"]}")]
    [InlineData("{\"api\":[\"http://127.0.0.1:80/path\"]}")]
    public async Task Refuses_what_is_no_destination(string body)
    {
        await using var edge = await TestEdge.StartAsync([], []);
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        using var answer = await edge.Admin.PutAsync(new Uri("/gateway/destinations", UriKind.Relative), content, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    private static async Task<JsonElement> ReportAsync(TestEdge edge) =>
        JsonDocument.Parse(await edge.Admin.GetStringAsync(new Uri("/gateway/destinations", UriKind.Relative))).RootElement;

    private static async Task LoadAsync(HttpClient client, ConcurrentBag<string> failures, CancellationToken done)
    {
        while (!done.IsCancellationRequested)
        {
            using var answer = await client.GetAsync(new Uri("/api/slow/5", UriKind.Relative), CancellationToken.None);
            if (!answer.IsSuccessStatusCode)
            {
                failures.Add($"{answer.StatusCode}");
            }
        }
    }
}
