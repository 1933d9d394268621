using System.Collections.Concurrent;
using System.Net.Sockets;

namespace Provost.Hosting.Tests.Listening;

/// <summary>Two processes accept from one listening socket, as in a restart and in a gateway swap.</summary>
public sealed class SharedSocketTests
{
    [Theory]
    [InlineData("terminate")]
    [InlineData("hand over")]
    public async Task One_of_two_processes_stops_under_load_and_no_connection_is_refused_or_reset(string how)
    {
        using var socket = TestProcess.Listen();
        using var adminSocket = TestProcess.Listen();
        using var leaving = Start(socket, "leaving", ("Listen__Admin", $"fd:{adminSocket.Handle}"));
        using var staying = Start(socket, "staying");
        var url = new Uri($"http://{socket.LocalEndPoint}");
        await AnsweredByAsync(url, ["leaving", "staying"]);

        using var done = new CancellationTokenSource();
        var (answers, failures) = (new ConcurrentDictionary<string, int>(), new ConcurrentBag<string>());
        Task[] load = [.. Enumerable.Range(0, 3).Select(_ => LoadAsync(url, answers, failures, done.Token))];
        await StopAsync(leaving, adminSocket, how);
        Assert.Equal(0, await leaving.ExitAsync(TimeSpan.FromSeconds(60)));
        var before = answers["staying"];
        await Task.Delay(500, TestContext.Current.CancellationToken);
        await done.CancelAsync();
        await Task.WhenAll(load);

        Assert.Empty(failures);
        Assert.True(answers["staying"] > before, "the remaining process serves alone");
    }

    [Fact]
    public async Task Connections_wait_in_the_backlog_while_a_killed_process_is_replaced()
    {
        using var socket = TestProcess.Listen();
        var url = new Uri($"http://{socket.LocalEndPoint}");
        using var killed = Start(socket, "killed");
        await AnsweredByAsync(url, ["killed"]);
        killed.Signal(PosixSignalNumber.Kill);
        await killed.ExitAsync(TimeSpan.FromSeconds(10));

        using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(60) };
        var waiting = client.GetStringAsync(new Uri(url, "/who"), TestContext.Current.CancellationToken);
        using var successor = Start(socket, "successor");

        Assert.Equal("successor", await waiting);
    }

    private static TestProcess Start(Socket socket, string replica, params (string, string)[] more) => TestProcess.Start(
        [("Listen__Http", $"fd:{socket.Handle}"), ("Service__Replica", replica), ("Service__DrainSeconds", "1"), .. more]);

    private static async Task StopAsync(TestProcess service, Socket adminSocket, string how)
    {
        if (how == "terminate")
        {
            service.Signal(PosixSignalNumber.Terminate);
            return;
        }

        using var admin = new HttpClient();
        using var answer = await admin.PostAsync(new Uri($"http://{adminSocket.LocalEndPoint}/drain?handOver=true"), null);
        Assert.True(answer.IsSuccessStatusCode);
    }

    private static Task AnsweredByAsync(Uri url, string[] replicas)
    {
        var seen = new HashSet<string>();
        return Eventually.HoldsAsync(async () =>
        {
            using var fresh = new HttpClient { Timeout = TimeSpan.FromSeconds(2) };
            seen.Add(await fresh.GetStringAsync(new Uri(url, "/who")));
            return seen.IsSupersetOf(replicas);
        }, $"answers from {string.Join(", ", replicas)}");
    }

    // A new connection for each request: that is what a closing listener would drop.
    private static async Task LoadAsync(
        Uri url, ConcurrentDictionary<string, int> answers, ConcurrentBag<string> failures, CancellationToken done)
    {
        while (!done.IsCancellationRequested)
        {
            try
            {
                using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(20) };
                answers.AddOrUpdate(await client.GetStringAsync(new Uri(url, "/who"), CancellationToken.None), 1, (_, count) => count + 1);
            }
            catch (Exception error) when (error is HttpRequestException or TaskCanceledException)
            {
                failures.Add(error.ToString());
            }
        }
    }
}
