using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Net.WebSockets;
using Microsoft.Extensions.DependencyInjection;
using Provost.Hosting.Draining;
using Provost.Hosting.Tests;

namespace Provost.Gateway.Tests.Forwarding;

public sealed class ForwardingTests
{
    [Fact]
    public async Task Both_replicas_get_requests()
    {
        var (first, firstAddress) = await TestEdge.ReplicaAsync("first");
        var (second, secondAddress) = await TestEdge.ReplicaAsync("second");
        await using var firstReplica = first;
        await using var secondReplica = second;
        await using var edge = await TestEdge.StartAsync([firstAddress, secondAddress], []);

        var answers = await Task.WhenAll(Enumerable.Range(0, 60).Select(_ => edge.Client.GetStringAsync("/api/who")));

        Assert.Equal(["first", "second"], answers.Distinct().Order());
    }

    [Fact(Timeout = 120_000)]
    public async Task A_lone_address_is_used_on_new_connections_while_its_replica_leaves()
    {
        var (replica, address) = await TestEdge.ReplicaAsync("leaving");
        await using var leaving = replica;
        await using var edge = await TestEdge.StartAsync([address], []);
        replica.Services.GetRequiredService<Provost.Hosting.Configuration.ServiceOptions>().DrainSeconds = 30;
        replica.Services.GetRequiredService<Drain>().Begin(handOver: false);

        // Each answer closes its connection: each request needs a new one.
        for (var i = 0; i < 10; i++)
        {
            using var body = new StringContent($"{i}");
            using var answer = await edge.Client.PostAsync(new Uri("/api/echo", UriKind.Relative), body, TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }

        replica.Services.GetRequiredService<Drain>().Hasten();
    }

    [Fact]
    public async Task Killing_a_replica_under_load_is_not_noticed_by_readers()
    {
        var (killedAddress, otherAddress) = (FreeAddress(), FreeAddress());
        using var killed = Start(killedAddress);
        using var other = Start(otherAddress);
        await using var edge = await TestEdge.StartAsync([], [killedAddress, otherAddress]);
        await ReadyAsync(killedAddress);
        await ReadyAsync(otherAddress);
        var (failures, served) = (new ConcurrentBag<string>(), 0);
        using var done = new CancellationTokenSource();
        Task[] load = [.. Enumerable.Range(0, 4).Select(_ => LoadAsync())];
        await Eventually.HoldsAsync(() => Task.FromResult(served > 50), "load runs");

        killed.Signal(PosixSignalNumber.Kill);
        var atKill = served;
        await Eventually.HoldsAsync(() => Task.FromResult(served > atKill + 100), "load goes on");
        await done.CancelAsync();
        await Task.WhenAll(load);

        Assert.Empty(failures);

        async Task LoadAsync()
        {
            while (!done.IsCancellationRequested)
            {
                using var answer = await edge.Client.GetAsync(new Uri("/slow/5", UriKind.Relative), CancellationToken.None);
                Interlocked.Increment(ref served);
                if (!answer.IsSuccessStatusCode)
                {
                    failures.Add($"{answer.StatusCode}: {await answer.Content.ReadAsStringAsync(CancellationToken.None)}");
                }
            }
        }
    }

    [Fact(Timeout = 120_000)]
    public async Task A_write_that_was_never_sent_goes_to_another_replica_with_its_body()
    {
        var (replica, address) = await TestEdge.ReplicaAsync("alive");
        await using var alive = replica;
        await using var edge = await TestEdge.StartAsync([address], []);
        for (var request = 0; request < 10; request++)
        {
            // An address that no probe has seen yet, so that it is as likely to be chosen as the other.
            using var set = await edge.Admin.PutAsJsonAsync(
                "/gateway/destinations", new { api = new[] { FreeAddress(), address } }, TestContext.Current.CancellationToken);
            using var content = new StringContent($"body {request}");
            using var answer = await edge.Client.PostAsync(new Uri("/api/echo", UriKind.Relative), content, TestContext.Current.CancellationToken);
            Assert.Equal($"body {request}", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        }
    }

    [Fact(Timeout = 120_000)]
    public async Task WebSockets_pass_through_and_a_draining_gateway_closes_them_with_1012()
    {
        var (replica, address) = await TestEdge.ReplicaAsync("live");
        await using var live = replica;
        await using var edge = await TestEdge.StartAsync([address], []);
        using var socket = new ClientWebSocket();
        await socket.ConnectAsync(new UriBuilder(edge.Public) { Scheme = "ws", Path = "/live" }.Uri, TestContext.Current.CancellationToken);
        var buffer = new byte[100_000];
        var first = await socket.ReceiveAsync(buffer, TestContext.Current.CancellationToken);
        Assert.Equal(WebSocketMessageType.Text, first.MessageType);
        Assert.Contains("\"webSockets\":1", await edge.Admin.GetStringAsync(new Uri("/gateway/destinations", UriKind.Relative), TestContext.Current.CancellationToken), StringComparison.Ordinal);

        edge.App.Services.GetRequiredService<Drain>().Begin(handOver: true);
        WebSocketReceiveResult received;
        do
        {
            received = await socket.ReceiveAsync(buffer, TestContext.Current.CancellationToken);
        }
        while (received.MessageType != WebSocketMessageType.Close);

        Assert.Equal(1012, (int?)received.CloseStatus);
        await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, TestContext.Current.CancellationToken);
        // The replica has seen the close as well: nothing is left open behind the gateway.
        var open = live.Services.GetRequiredService<LiveConnections>();
        await Eventually.HoldsAsync(() => Task.FromResult(open.Count == 0), "the replica's side is closed");
    }

    [Fact(Timeout = 120_000)]
    public async Task A_replica_that_drains_gets_nothing_new_within_two_probes()
    {
        var (leaving, leavingAddress) = await TestEdge.ReplicaAsync("leaving");
        var (staying, stayingAddress) = await TestEdge.ReplicaAsync("staying");
        await using var leavingReplica = leaving;
        await using var stayingReplica = staying;
        await using var edge = await TestEdge.StartAsync([leavingAddress, stayingAddress], []);
        await edge.Client.GetStringAsync(new Uri("/api/who", UriKind.Relative), TestContext.Current.CancellationToken);

        leaving.Services.GetRequiredService<Provost.Hosting.Configuration.ServiceOptions>().DrainSeconds = 30;
        leaving.Services.GetRequiredService<Drain>().Begin(handOver: false);

        await Eventually.HoldsAsync(
            async () => (await edge.Admin.GetStringAsync("/gateway/destinations")).Contains("unhealthy", StringComparison.Ordinal), "the probe saw it");
        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => edge.Client.GetStringAsync("/api/who")));
        Assert.Equal(["staying"], answers.Distinct());
        leaving.Services.GetRequiredService<Drain>().Hasten();
    }

    [Fact(Timeout = 120_000)]
    public async Task Health_is_asked_on_its_own_port_where_it_has_one()
    {
        var (serving, address) = await TestEdge.ReplicaAsync("serving");
        var (asked, health) = await TestEdge.ReplicaAsync("asked");
        await using var servingReplica = serving;
        await using var edge = await TestEdge.StartAsync([address], [], ("Gateway:HealthPort", $"{new Uri(health).Port}"));
        async Task<bool> IsAsync(string state) => (await edge.Admin.GetStringAsync("/gateway/destinations", TestContext.Current.CancellationToken)).Contains($"\"{state}\"", StringComparison.Ordinal);
        await Eventually.HoldsAsync(() => IsAsync("healthy"), "the probe was answered");

        await asked.DisposeAsync();

        await Eventually.HoldsAsync(() => IsAsync("unhealthy"), "nobody answered the probe, though the replica itself is well");
    }

    [Fact(Timeout = 120_000)]
    public async Task A_connection_ends_in_time_where_one_address_stands_for_several_replicas()
    {
        var (replica, address) = await TestEdge.ReplicaAsync("one");
        await using var serving = replica;
        await using var edge = await TestEdge.StartAsync([address], [], ("Gateway:ConnectionSeconds", "1"));
        Task<string> ConnectionAsync() => edge.Client.GetStringAsync("/api/connection", TestContext.Current.CancellationToken);

        var first = await ConnectionAsync();

        await Eventually.HoldsAsync(async () => await ConnectionAsync() != first, "requests go over another connection");
    }

    /// <summary>An address of this machine where nobody listens.</summary>
    internal static string FreeAddress() => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"http://127.0.0.1:{Harness.FreePort.Next()}");

    private static TestProcess Start(string address) =>
        TestProcess.Start(("Listen__Http", address.Replace("http://", "tcp:", StringComparison.Ordinal)));

    private static async Task ReadyAsync(string address)
    {
        using var client = new HttpClient { BaseAddress = new Uri(address) };
        await Eventually.ReadyAsync(client);
    }
}
