using System.Net.Sockets;
using System.Text;
using Provost.Rendering.Process;
using Provost.Rendering.Redis;
using Provost.Runbooks.Targets.Process;
using Provost.Runbooks.Tools;
using Provost.Topology.Environments;

namespace Provost.Runbooks.Tests.Targets;

/// <summary>The rendered configuration with a real server.</summary>
public sealed class RedisTests
{
    [Fact]
    public async Task A_real_server_takes_the_configuration_refuses_strangers_and_keeps_what_was_written()
    {
        var program = Shell.Find("redis-server");
        if (program is null && Environment.GetEnvironmentVariable("CI") != "true")
        {
            Assert.Skip("redis-server is not installed (Debian: apt-get install redis-server)");
        }
        Assert.NotNull(program);
        using var temporary = new TemporaryState();
        var placement = Place(temporary.State);
        var password = temporary.State.Secret("redis", "Redis__Password")!;

        await using (var server = await Server.StartAsync(program, placement))
        {
            Assert.StartsWith("-NOAUTH", await server.AskAsync(null, "GET", "a"), StringComparison.Ordinal);
            Assert.StartsWith("-WRONGPASS", await server.AskAsync("guess", "PING"), StringComparison.Ordinal);
            Assert.Equal("+OK", await server.AskAsync(password, "SET", "a", "kept"));
            Assert.StartsWith("-NOPERM", await server.AskAsync(password, "FLUSHALL"), StringComparison.Ordinal);
            Assert.StartsWith("-NOPERM", await server.AskAsync(password, "CONFIG", "GET", "dir"), StringComparison.Ordinal);
            Assert.StartsWith("-NOPERM", await server.AskAsync(password, "SHUTDOWN"), StringComparison.Ordinal);
            Assert.DoesNotContain(password, await File.ReadAllTextAsync($"/proc/{server.Pid}/cmdline", TestContext.Current.CancellationToken), StringComparison.Ordinal);
            Assert.Contains((server.Pid, "redis-1"), ProcessTable.Leaders("PROVOST_Service__Replica", "redis").Select(l => (l.Pid, l.Environment["PROVOST_Service__Replica"])));
        }
        await using (var server = await Server.StartAsync(program, placement))
        {
            Assert.Equal("$4", await server.AskAsync(password, "GET", "a"));
        }
        Assert.DoesNotContain(password, await File.ReadAllTextAsync(RedisConfiguration.UsersFile(placement), TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    private static ProcessPlacement Place(StateDirectory state)
    {
        var ports = Ports.Choose(state, ["redis-1"], isRunning: false);
        var placement = new ProcessPlacement("1", "/nowhere", state.Root, state.Run, false, ports);
        var spec = new SiteSpec("test", "local", "1", "", "http://localhost", state.Root, state.Run, [], [], new ProbeSpec(1, 1, 3, 10), new LogSpec(1 << 20, 2), null);
        StateWriter.Write(state, spec, new Dictionary<string, string> { [RedisConfiguration.File(placement)] = RedisConfiguration.Render(placement) });
        return placement;
    }

    private sealed class Server(int pid, int port) : IAsyncDisposable
    {
        public int Pid => pid;

        public static async Task<Server> StartAsync(string program, ProcessPlacement placement)
        {
            var environment = new Dictionary<string, string> { ["PROVOST_Service__Replica"] = "redis-1" };
            var pid = Spawn.Start(new SpawnRequest(program, [RedisConfiguration.File(placement)], environment, [], $"{placement.StateDirectory}/logs/redis-1.log"));
            var server = new Server(pid, placement.Ports["redis-1"]);
            for (var attempt = 0; attempt < 200; attempt++)
            {
                try
                {
                    await server.AskAsync(null, "PING");
                    return server;
                }
                catch (SocketException)
                {
                    await Task.Delay(50, TestContext.Current.CancellationToken);
                }
            }
            throw new InvalidOperationException(string.Join('\n', LogTail.Last($"{placement.StateDirectory}/logs/redis-1.log", 20)));
        }

        public async Task<string?> AskAsync(string? password, params string[] words)
        {
            using var client = new TcpClient();
            await client.ConnectAsync("127.0.0.1", port, TestContext.Current.CancellationToken);
            await using var stream = client.GetStream();
            using var reader = new StreamReader(stream);
            if (password is not null)
            {
                await stream.WriteAsync(Request(["AUTH", password]), TestContext.Current.CancellationToken);
                if (await reader.ReadLineAsync(TestContext.Current.CancellationToken) is { } refused && refused != "+OK")
                {
                    return refused;
                }
            }
            await stream.WriteAsync(Request(words), TestContext.Current.CancellationToken);
            return await reader.ReadLineAsync(TestContext.Current.CancellationToken);
        }

        public async ValueTask DisposeAsync()
        {
            _ = Native.SendSignal(pid, Native.Terminate);
            await Task.Run(() => Native.WaitPid(pid, out _, 0));
        }

        private static byte[] Request(string[] words) =>
            Encoding.ASCII.GetBytes($"*{words.Length}\r\n" + string.Concat(words.Select(w => $"${w.Length}\r\n{w}\r\n")));
    }
}
