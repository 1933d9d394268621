using System.Globalization;
using System.Net.WebSockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Provost.Hosting.Draining;

namespace Provost.Hosting.Tests.Draining;

public sealed class LiveConnectionsTests
{
    [Fact(Timeout = 120_000)]
    public async Task A_drain_closes_every_WebSocket_with_1012_between_two_whole_messages()
    {
        await using var app = ServiceUnderTest.Build([], ("Listen:Http", "tcp:127.0.0.1:0"), ("Service:DrainSeconds", "2"));
        await app.StartAsync(TestContext.Current.CancellationToken);
        var clients = Enumerable.Range(0, 20).Select(_ => ReceiveAllAsync(app.Urls.First())).ToArray();
        var live = app.Services.GetRequiredService<LiveConnections>();
        await Eventually.HoldsAsync(() => Task.FromResult(live.Count == clients.Length), "all are connected");
        await Task.Delay(200, TestContext.Current.CancellationToken);

        app.Services.GetRequiredService<Drain>().Begin(handOver: false);

        foreach (var (status, messages) in await Task.WhenAll(clients))
        {
            Assert.Equal(1012, (int?)status);
            Assert.Equal(Enumerable.Range(0, messages.Count), messages);
            Assert.NotEmpty(messages);
        }

        await Eventually.HoldsAsync(() => Task.FromResult(live.Count == 0), "nothing is left");
    }

    [Theory(Timeout = 120_000)]
    [InlineData(5, 1)]
    [InlineData(30, 1.5)]
    [InlineData(80, 2)]
    public async Task A_crowd_gets_a_longer_drain_but_not_more_than_half_of_the_limit(int connections, double seconds)
    {
        await using var app = ServiceUnderTest.Build([], ("Listen:Http", "tcp:127.0.0.1:0"), ("Service:DrainSeconds", "1"), ("Service:ShutdownSeconds", "2"));
        await app.StartAsync(TestContext.Current.CancellationToken);
        var clients = Enumerable.Range(0, connections).Select(_ => ReceiveAllAsync(app.Urls.First())).ToArray();
        var (live, drain) = (app.Services.GetRequiredService<LiveConnections>(), app.Services.GetRequiredService<Drain>());
        await Eventually.HoldsAsync(() => Task.FromResult(live.Count == connections), "all are connected");

        // As the service's own start sets it.
        var host = app.Services.GetRequiredService<IOptions<HostOptions>>().Value;
        host.ShutdownTimeout = TimeSpan.FromSeconds(2);
        drain.Begin(handOver: false);

        Assert.Equal(seconds, drain.Delay.TotalSeconds);
        Assert.Equal(2, (drain.Delay + host.ShutdownTimeout).TotalSeconds - 1);
        Assert.All(await Task.WhenAll(clients), client => Assert.Equal(1012, (int?)client.Status));
    }

    // Numbers of the messages in order; each must be as long as it says it is.
    private static async Task<(WebSocketCloseStatus? Status, List<int> Messages)> ReceiveAllAsync(string url)
    {
        using var socket = new ClientWebSocket();
        await socket.ConnectAsync(new Uri(url.Replace("http:", "ws:", StringComparison.Ordinal) + "/live"), TestContext.Current.CancellationToken);
        var (buffer, message, numbers) = (new byte[8192], new StringBuilder(), new List<int>());
        while (true)
        {
            var received = await socket.ReceiveAsync(buffer, TestContext.Current.CancellationToken);
            if (received.MessageType == WebSocketMessageType.Close)
            {
                await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, TestContext.Current.CancellationToken);
                return (received.CloseStatus, numbers);
            }

            message.Append(Encoding.ASCII.GetString(buffer, 0, received.Count));
            if (received.EndOfMessage)
            {
                var number = int.Parse(message.ToString().Split(' ')[0], CultureInfo.InvariantCulture);
                Assert.EndsWith(new string('x', number % 7 == 0 ? 70_000 : number % 300), message.ToString(), StringComparison.Ordinal);
                numbers.Add(number);
                message.Clear();
            }
        }
    }
}
