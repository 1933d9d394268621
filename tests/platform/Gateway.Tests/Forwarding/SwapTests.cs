using System.Collections.Concurrent;
using System.Net;
using Provost.Hosting.Tests;

namespace Provost.Gateway.Tests.Forwarding;

/// <summary>One gateway process replaces another on the same socket, under load.</summary>
public sealed class SwapTests
{
    [Fact(Timeout = 120_000)]
    public async Task A_gateway_is_replaced_without_a_failed_request()
    {
        var (replica, address) = await TestEdge.ReplicaAsync("replica");
        await using var app = replica;
        using var socket = TestProcess.Listen();
        using var oldAdmin = TestProcess.Listen();
        using var newAdmin = TestProcess.Listen();
        using var old = Start(socket, oldAdmin, address);
        await ReadyAsync(oldAdmin);
        var (failures, served) = (new ConcurrentBag<string>(), 0);
        using var done = new CancellationTokenSource();
        Task[] load = [.. Enumerable.Range(0, 4).Select(index => LoadAsync(fresh: index % 2 == 0))];

        using var successor = Start(socket, newAdmin, address);
        await ReadyAsync(newAdmin);
        using (var admin = new HttpClient())
        {
            using var answer = await admin.PostAsync(new Uri($"http://{oldAdmin.LocalEndPoint}/drain?handOver=true"), null, TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        }

        Assert.Equal(0, await old.ExitAsync(TimeSpan.FromSeconds(60)));
        var afterSwap = served;
        await Eventually.HoldsAsync(() => Task.FromResult(served > afterSwap + 50), "the successor serves");
        await done.CancelAsync();
        await Task.WhenAll(load);

        Assert.Empty(failures);

        // Half of the clients open a connection for each request, half keep theirs.
        async Task LoadAsync(bool fresh)
        {
            var kept = new HttpClient();
            while (!done.IsCancellationRequested)
            {
                var client = fresh ? new HttpClient() : kept;
                try
                {
                    await client.GetStringAsync(new Uri($"http://{socket.LocalEndPoint}/api/who"), CancellationToken.None);
                    Interlocked.Increment(ref served);
                }
                catch (HttpRequestException error)
                {
                    failures.Add(error.ToString());
                }

                if (fresh)
                {
                    client.Dispose();
                }
            }

            kept.Dispose();
        }
    }

    private static TestProcess Start(System.Net.Sockets.Socket socket, System.Net.Sockets.Socket admin, string api) => TestProcess.Start(
        ["gateway"],
        [("Listen__Http", $"fd:{socket.Handle}"), ("Listen__Admin", $"fd:{admin.Handle}"), ("Gateway__Api__0", api), ("Service__DrainSeconds", "3")]);

    private static async Task ReadyAsync(System.Net.Sockets.Socket admin)
    {
        using var client = new HttpClient { BaseAddress = new Uri($"http://{admin.LocalEndPoint}") };
        await Eventually.ReadyAsync(client);
    }
}
