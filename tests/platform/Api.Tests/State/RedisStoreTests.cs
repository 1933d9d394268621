using System.Net.Sockets;
using Provost.Api.State;
using Provost.Api.Tests.Harness;
using StackExchange.Redis;

namespace Provost.Api.Tests.State;

/// <summary>What a restarting Redis can answer with is borne; what is wrong with a command is not.</summary>
public sealed class RedisStoreTests(RealStores stores)
{
    public static TheoryData<Exception> Passing =>
    [
        new RedisConnectionException(ConnectionFailureType.SocketClosed, "closed"),
        new RedisTimeoutException("late", CommandStatus.Sent),
        new RedisServerException("LOADING Redis is loading the dataset in memory"),
        new IOException("Connection reset by peer"),
        new SocketException((int)SocketError.ConnectionReset),
    ];

    [Theory]
    [MemberData(nameof(Passing), DisableDiscoveryEnumeration = true)]
    public async Task A_command_that_meets_a_restart_is_repeated(Exception met)
    {
        await using var api = await ApiServer.StartAsync(stores);
        var attempts = 0;

        var answer = await api.Get<RedisStore>().RunAsync("test", _ => ++attempts == 1 ? Task.FromException<int>(met) : Task.FromResult(7), TestContext.Current.CancellationToken);

        Assert.Equal((7, 2), (answer, attempts));
    }

    [Fact]
    public async Task A_wrong_command_is_not_repeated()
    {
        await using var api = await ApiServer.StartAsync(stores);
        var attempts = 0;

        await Assert.ThrowsAsync<RedisServerException>(() => api.Get<RedisStore>().RunAsync("test", _ =>
        {
            attempts++;
            return Task.FromException<int>(new RedisServerException("WRONGTYPE Operation against a key holding the wrong kind of value"));
        }, TestContext.Current.CancellationToken));

        Assert.Equal(1, attempts);
    }
}
