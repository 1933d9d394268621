using System.Diagnostics;
using System.Globalization;
using Provost.Runbooks.Backups.Stores;
using StackExchange.Redis;

namespace Provost.Runbooks.Tests.Targets.Kubernetes;

/// <summary>What the pods of a replicated Redis run, against real servers: who is primary, who takes over, who follows whom.</summary>
public sealed class SentinelTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(90);
    private readonly SentinelMembers members = new();

    public void Dispose() => members.Dispose();

    [Fact]
    public async Task When_the_primary_is_killed_another_takes_over_and_connections_by_name_follow()
    {
        await StartAsync();
        await using var connection = await ConnectAsync();
        await connection.GetDatabase().StringSetAsync("before", "kept");
        await HoldsAsync(async () => (long)await connection.GetDatabase().ExecuteAsync("WAIT", "2", "1000") >= 1, "a stand-in has what was written");

        var since = Stopwatch.GetTimestamp();
        members.Kill(0);
        await HoldsAsync(async () => await connection.GetDatabase().StringSetAsync("after", "written"), "another primary takes writes");

        TestContext.Current.TestOutputHelper!.WriteLine(string.Create(CultureInfo.InvariantCulture, $"writes again after {Stopwatch.GetElapsedTime(since).TotalSeconds:0.0} s"));
        Assert.Equal("kept", await connection.GetDatabase().StringGetAsync("before"));

        // Who comes back finds out from the others that it is no primary any more.
        members.StartServer(0);
        members.StartSentinel(0);
        await HoldsAsync(async () => await members.RunAsync(0, "ready-redis.sh") == 0, "the killed member is in step");
        await using var returned = await DirectAsync(0);
        await HoldsAsync(async () => await RoleAsync(returned) == "slave", "it is a stand-in");
        Assert.Equal("written", await returned.GetDatabase().StringGetAsync("after", CommandFlags.PreferReplica));
    }

    [Fact]
    public async Task The_operators_tools_find_the_primary_and_sign_in_as_a_user_of_their_own()
    {
        await StartAsync();
        var sentinels = string.Join(',', SentinelMembers.Members.Select(member => $"{members.Address(member)}:26379"));

        var (host, port) = await SentinelPrimary.FindAsync(sentinels, "provost", SentinelMembers.Password);

        Assert.Equal((members.Address(0), 6379), (host, port));
        await using var link = await RedisLink.OpenAsync(new RedisAddress(host, port, "operator", SentinelMembers.OperatorPassword));
        Assert.Equal("operator", (string?)await link.Database.ExecuteAsync("ACL", "WHOAMI"));
    }

    [Fact]
    public async Task A_primary_that_is_asked_to_stop_hands_over_first()
    {
        await StartAsync();

        Assert.Equal(0, await members.RunAsync(0, "stop-redis.sh"));

        await using var former = await DirectAsync(0);
        Assert.Equal("slave", await RoleAsync(former));
    }

    [Fact]
    public async Task Probes_tell_a_server_that_is_alive_from_one_that_may_be_asked()
    {
        Assert.NotEqual(0, await members.RunAsync(1, "alive.sh", "6379"));
        // Alone it waits for a primary that is not there.
        RequireServer();
        members.StartServer(1);

        await HoldsAsync(async () => await members.RunAsync(1, "alive.sh", "6379") == 0, "it is alive");
        Assert.NotEqual(0, await members.RunAsync(1, "ready-redis.sh"));

        members.StartServer(0);
        await HoldsAsync(async () => await members.RunAsync(1, "ready-redis.sh") == 0, "it is in step with its primary");
    }

    private static void RequireServer() => Assert.SkipUnless(
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(at => File.Exists(Path.Combine(at, "redis-server"))), "redis-server is not on this machine");

    private async Task StartAsync()
    {
        RequireServer();
        foreach (var member in SentinelMembers.Members)
        {
            members.StartServer(member);
            members.StartSentinel(member);
        }
        foreach (var member in SentinelMembers.Members)
        {
            await HoldsAsync(async () => await members.RunAsync(member, "ready-redis.sh") == 0 && await members.RunAsync(member, "alive.sh", "26379") == 0, $"member {member} is ready");
        }
        foreach (var member in SentinelMembers.Members)
        {
            await using var sentinel = await DirectAsync(member, port: 26379);
            await HoldsAsync(async () => await KnowsAsync(sentinel, "num-slaves", "2") && await KnowsAsync(sentinel, "num-other-sentinels", "2"), $"sentinel {member} knows everybody");
        }
    }

    private static async Task<bool> KnowsAsync(ConnectionMultiplexer sentinel, string field, string value)
    {
        var answer = (string[])(await sentinel.GetServers()[0].ExecuteAsync("SENTINEL", "MASTER", "provost"))!;
        return answer[Array.IndexOf(answer, field) + 1] == value;
    }

    // As the api does it: the sentinels' addresses, the primary's name, one password.
    private async Task<ConnectionMultiplexer> ConnectAsync()
    {
        var options = new ConfigurationOptions { ServiceName = "provost", Password = SentinelMembers.Password, AbortOnConnectFail = false, HeartbeatInterval = TimeSpan.FromMilliseconds(500), Protocol = RedisProtocol.Resp2 };
        foreach (var member in SentinelMembers.Members)
        {
            options.EndPoints.Add(members.Address(member), 26379);
        }
        return await ConnectionMultiplexer.ConnectAsync(options);
    }

    private Task<ConnectionMultiplexer> DirectAsync(int member, int port = 6379) => ConnectionMultiplexer.ConnectAsync(new ConfigurationOptions
    {
        EndPoints = { { members.Address(member), port } },
        Password = SentinelMembers.Password,
        AbortOnConnectFail = false,
        CommandMap = port == 6379 ? CommandMap.Default : CommandMap.Sentinel,
        AllowAdmin = true,
        Protocol = RedisProtocol.Resp2,
    });

    private static async Task<string> RoleAsync(ConnectionMultiplexer server) => (string)((RedisResult[])(await server.GetServers()[0].ExecuteAsync("ROLE"))!)[0]!;

    private static async Task HoldsAsync(Func<Task<bool>> condition, string what)
    {
        var since = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                if (await condition())
                {
                    return;
                }
            }
            catch (RedisException)
            {
                // Nobody is primary at this moment.
            }
            Assert.True(Stopwatch.GetElapsedTime(since) < Limit, $"not within {Limit.TotalSeconds} s: {what}");
            await Task.Delay(200, TestContext.Current.CancellationToken);
        }
    }
}
