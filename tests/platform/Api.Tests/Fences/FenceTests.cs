using Provost.Api.State;
using Provost.Api.Tests.Harness;
using Provost.Contracts;
using Provost.Harness;
using StackExchange.Redis;

namespace Provost.Api.Tests.Fences;

/// <summary>A moment without commits on every replica. With stores of its own: a fence holds up everybody who shares them.</summary>
public sealed class FenceTests : IAsyncLifetime
{
    private const string Course = "Fenced";
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(300);

    private readonly RealStores stores = new();

    public async ValueTask InitializeAsync() => await stores.InitializeAsync();

    public async ValueTask DisposeAsync() => await stores.DisposeAsync();

    [Fact]
    public async Task No_replica_commits_until_the_fence_is_lowered()
    {
        await using var one = await ApiServer.StartAsync(stores);
        await using var other = await ApiServer.StartAsync(stores);
        var fence = await RaiseAsync(one, 10_000);

        var imports = new[] { one, other }.Select((api, seed) => api.ImportAsync($"{Course} {seed}", SeededGradebook.Canvas(5, 5))).ToArray();
        var early = await Task.WhenAny(Task.WhenAny(imports), Task.Delay(Soon)) is Task<Task<ImportReport>>;
        var end = await LowerAsync(other, fence, 10_000);

        Assert.Equal(2, fence.Replicas);
        Assert.False(early, "an import was acknowledged while the fence was up");
        Assert.All(await Task.WhenAll(imports), report => Assert.True(report.Changed));
        Assert.True(end.Held);
        Assert.InRange(end.StalledMilliseconds, Soon.TotalMilliseconds, 10_000);
    }

    [Fact]
    public async Task A_fence_that_nobody_lowers_falls_by_itself_and_its_end_says_so()
    {
        await using var api = await ApiServer.StartAsync(stores);
        var fence = await RaiseAsync(api, 200);

        var report = await api.ImportAsync(Course, SeededGradebook.Canvas(5, 5));

        Assert.True(report.Changed);
        Assert.False((await LowerAsync(api, fence, 200)).Held);
    }

    [Fact]
    public async Task A_second_fence_is_refused_and_the_first_one_stands()
    {
        await using var api = await ApiServer.StartAsync(stores);
        var fence = await RaiseAsync(api, 10_000);

        using var second = await api.Operator.PostAsync("api/operator/fence?milliseconds=1000", null);

        Assert.Equal(409, (int)second.StatusCode);
        Assert.True((await LowerAsync(api, fence, 10_000)).Held);
    }

    [Fact]
    public async Task A_replica_of_an_earlier_release_that_knows_no_call_stands_still_all_the_same()
    {
        await using var api = await ApiServer.StartAsync(stores);
        await using var earlier = await ConnectionMultiplexer.ConnectAsync($"{stores.RedisEndpoint},password={RealStores.Password}");
        await earlier.GetSubscriber().SubscribeAsync(RedisChannel.Literal(Keys.Fences), (channel, message) =>
        {
            if (message.ToString().Split(':') is ["raise", var token])
                earlier.GetDatabase().StringIncrement(Keys.Answers(token));
        });

        Assert.Equal(2, (await RaiseAsync(api, 1000)).Replicas);
    }

    [Fact]
    public async Task A_replica_that_does_not_stand_still_refuses_the_fence_and_commits_go_on()
    {
        await using var api = await ApiServer.StartAsync(stores);
        await using var deaf = await ConnectionMultiplexer.ConnectAsync($"{stores.RedisEndpoint},password={RealStores.Password}");
        await deaf.GetSubscriber().SubscribeAsync(RedisChannel.Literal(Keys.Fences), (_, _) => { });

        using var refused = await api.Operator.PostAsync("api/operator/fence?milliseconds=300", null);

        Assert.Equal(409, (int)refused.StatusCode);
        Assert.True((await api.ImportAsync(Course, SeededGradebook.Canvas(5, 5))).Changed);
    }

    private static async Task<Fence> RaiseAsync(ApiServer api, int milliseconds)
    {
        using var answer = await api.Operator.PostAsync($"api/operator/fence?milliseconds={milliseconds}", null);
        return await ApiClient.ReadAsync<Fence>(answer);
    }

    private static async Task<FenceEnd> LowerAsync(ApiServer api, Fence fence, int milliseconds)
    {
        using var answer = await api.Operator.DeleteAsync($"api/operator/fence/{fence.Token}?milliseconds={milliseconds}");
        return await ApiClient.ReadAsync<FenceEnd>(answer);
    }
}
