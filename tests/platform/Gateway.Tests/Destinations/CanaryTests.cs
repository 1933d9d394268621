using System.Net;
using System.Net.Http.Json;

namespace Provost.Gateway.Tests.Destinations;

public sealed class CanaryTests
{
    [Fact]
    public async Task The_canary_gets_its_share_exactly_and_is_counted_apart()
    {
        var (old, oldAddress) = await TestEdge.ReplicaAsync("old");
        var (fresh, newAddress) = await TestEdge.ReplicaAsync("new");
        await using var oldReplica = old;
        await using var newReplica = fresh;
        await using var edge = await TestEdge.StartAsync([oldAddress], []);
        using var put = await edge.Admin.PutAsJsonAsync(
            "/gateway/destinations", new { api = new[] { oldAddress }, canary = new { api = new[] { newAddress }, web = Array.Empty<string>(), percent = 10 } }, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, put.StatusCode);

        var canary = 0;
        for (var request = 0; request < 200; request++)
        {
            canary += await edge.Client.GetStringAsync("/api/who", TestContext.Current.CancellationToken) == "new" ? 1 : 0;
        }

        Assert.Equal(20, canary);
        var report = await edge.Admin.GetFromJsonAsync<System.Text.Json.JsonElement>("/gateway/destinations", TestContext.Current.CancellationToken);
        var counted = report.GetProperty("api").EnumerateArray().ToDictionary(d => d.GetProperty("address").GetString()!, d => d.GetProperty("answered").GetInt64());
        Assert.Equal((180, 20), (counted[oldAddress], counted[newAddress]));
    }

    [Fact]
    public async Task Setting_destinations_without_a_canary_ends_it()
    {
        var (old, oldAddress) = await TestEdge.ReplicaAsync("old");
        var (fresh, newAddress) = await TestEdge.ReplicaAsync("new");
        await using var oldReplica = old;
        await using var newReplica = fresh;
        await using var edge = await TestEdge.StartAsync([oldAddress], []);
        using var on = await edge.Admin.PutAsJsonAsync(
            "/gateway/destinations", new { api = new[] { oldAddress }, canary = new { api = new[] { newAddress }, web = Array.Empty<string>(), percent = 50 } }, TestContext.Current.CancellationToken);
        using var off = await edge.Admin.PutAsJsonAsync("/gateway/destinations", new { api = new[] { oldAddress } }, TestContext.Current.CancellationToken);

        for (var request = 0; request < 20; request++)
        {
            Assert.Equal("old", await edge.Client.GetStringAsync("/api/who", TestContext.Current.CancellationToken));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    public async Task A_share_that_is_none_is_refused(int percent)
    {
        await using var edge = await TestEdge.StartAsync(["http://127.0.0.1:1"], []);

        using var answer = await edge.Admin.PutAsJsonAsync(
            "/gateway/destinations", new { api = new[] { "http://127.0.0.1:1" }, canary = new { api = new[] { "http://127.0.0.1:2" }, web = Array.Empty<string>(), percent } }, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }
}
