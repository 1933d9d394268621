using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR.Client;
using Provost.Contracts;
using Provost.Harness;

namespace Provost.Stories.Survival;

/// <summary>An open page: watches a course, comes back when it is cut off and goes on after the last message that it saw.</summary>
internal sealed class Watcher : IAsyncDisposable
{
    private readonly CancellationTokenSource stop = new();
    private readonly ConcurrentQueue<CourseChange> seen = [];
    private readonly Session session;
    private readonly Uri url;
    private readonly string course;
    private readonly Task loop;

    public Watcher(Session session, Uri url, string course)
    {
        (this.session, this.url, this.course) = (session, url, course);
        loop = Task.Run(LoopAsync);
    }

    public int Connections { get; private set; }

    public IReadOnlyList<CourseChange> Seen => [.. seen];

    public async Task UntilAsync(long version)
    {
        for (var attempt = 0; !seen.Any(change => change.Version == version); attempt++, await Task.Delay(100))
            Assert.True(attempt < 600, $"Version {version} was not told within 60 s; the last message was {seen.LastOrDefault()}");
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await loop;
        stop.Dispose();
    }

    private async Task LoopAsync()
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await WatchAsync();
            }
            catch (Exception) when (!stop.IsCancellationRequested)
            {
                // Whatever was killed under it: it comes back as a page does.
                await Task.Delay(100);
            }
            catch (Exception)
            {
                return;
            }
        }
    }

    private async Task WatchAsync()
    {
        await using var connection = Connection();
        var cut = new TaskCompletionSource();
        connection.Closed += _ =>
        {
            cut.TrySetResult();
            return Task.CompletedTask;
        };
        connection.On<CourseChange>(LiveNames.Changed, seen.Enqueue);
        await connection.StartAsync(stop.Token);
        await connection.InvokeAsync(LiveNames.Watch, course, seen.LastOrDefault()?.Sequence ?? 0L, stop.Token);
        Connections++;
        await cut.Task.WaitAsync(stop.Token);
    }

    private HubConnection Connection() => new HubConnectionBuilder().WithUrl(new Uri(url, LiveNames.Path), options =>
    {
        options.Transports = HttpTransportType.WebSockets;
        options.SkipNegotiation = true;
        foreach (Cookie cookie in session.Cookies.GetCookies(url))
            options.Cookies.Add(url, new Cookie(cookie.Name, cookie.Value, "/"));
    }).Build();
}
