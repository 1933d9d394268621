using System.Net;
using System.Net.Sockets;

namespace Provost.Gateway.Tests.Forwarding;

/// <summary>A replica whose process is gone while its listening socket is still open: connections succeed, answers never come.</summary>
public sealed class SilentReplicaTests
{
    [Fact(Timeout = 60_000)]
    public async Task Reads_and_writes_go_to_the_replica_that_answers()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start(100);
        var (replica, address) = await TestEdge.ReplicaAsync("alive");
        await using var alive = replica;
        await using var edge = await TestEdge.StartAsync([$"http://127.0.0.1:{((IPEndPoint)silent.LocalEndpoint).Port}", address], []);

        for (var request = 0; request < 10; request++)
        {
            Assert.Equal("alive", await edge.Client.GetStringAsync("/api/who", TestContext.Current.CancellationToken));
            using var body = new StringContent($"body {request}");
            using var answer = await edge.Client.PostAsync(new Uri("/api/echo", UriKind.Relative), body, TestContext.Current.CancellationToken);
            Assert.Equal($"body {request}", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task Where_there_is_no_other_replica_a_request_waits_for_its_successor()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start(100);
        await using var edge = await TestEdge.StartAsync([$"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}"], []);
        var asked = edge.Client.GetStringAsync("/api/who", TestContext.Current.CancellationToken);

        // Somebody begins to accept only after more than the patience that a request has where there are others.
        await Task.Delay(TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken);
        _ = ServeAsync(listener);

        Assert.Equal("late", await asked);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_lone_address_is_asked_again_when_a_connection_to_it_leads_nowhere()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start(100);
        await using var edge = await TestEdge.StartAsync([$"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}"], []);
        var refused = 0;
        _ = ServeAsync(listener, "Connection: close\r\n", refuse: connection => connection % 2 == 1 && Interlocked.Increment(ref refused) > 0);

        for (var request = 0; request < 10; request++)
        {
            using var body = new StringContent($"body {request}");
            using var answer = await edge.Client.PostAsync(new Uri("/api/echo", UriKind.Relative), body, TestContext.Current.CancellationToken);
            Assert.Equal("late", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        }

        Assert.InRange(refused, 5, int.MaxValue);
    }

    private static async Task ServeAsync(TcpListener listener, string headers = "", Predicate<int>? refuse = null)
    {
        for (var number = 0; ; number++)
        {
            var connection = await listener.AcceptTcpClientAsync(TestContext.Current.CancellationToken);
            if (refuse?.Invoke(number) == true)
            {
                connection.Dispose();
                continue;
            }
            _ = AnswerAsync(connection, headers);
        }
    }

    private static async Task AnswerAsync(TcpClient connection, string headers)
    {
        using var ended = connection;
        using var reader = new StreamReader(connection.GetStream());
        await using var writer = new StreamWriter(connection.GetStream()) { AutoFlush = true, NewLine = "\r\n" };
        while (await reader.ReadLineAsync(TestContext.Current.CancellationToken) is { } first)
        {
            while (await reader.ReadLineAsync(TestContext.Current.CancellationToken) is { Length: > 0 })
            {
                // The rest of the head.
            }
            await writer.WriteAsync(first.StartsWith("HEAD", StringComparison.Ordinal)
                ? "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
                : $"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n{headers}\r\nlate");
        }
    }
}
