using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;
using Provost.Contracts;
using Provost.Web.Transport;

namespace Provost.Web.Live;

/// <summary>
/// The page's one live connection. Starts with the first watched course, comes back by itself after any loss, and asks the
/// server for what came after the last message that it saw: nothing is missed and nothing is shown twice.
/// </summary>
internal sealed class LiveConnection : IAsyncDisposable
{
    private static readonly TimeSpan ReplayWait = TimeSpan.FromSeconds(2);
    private readonly HubConnection hub;
    private readonly ReconnectDelays delays;
    private readonly Dictionary<string, CourseFeed> feeds = [];
    private readonly CancellationTokenSource stopped = new();
    private readonly SemaphoreSlim starting = new(1, 1);
    private bool moving;

    public LiveConnection(NavigationManager navigation, ReconnectDelays delays)
    {
        this.delays = delays;
        hub = new HubConnectionBuilder()
            .WithUrl(navigation.ToAbsoluteUri(LiveNames.Path), options =>
            {
                options.Transports = HttpTransportType.WebSockets;
                options.SkipNegotiation = true;
            })
            .WithAutomaticReconnect(delays)
            .AddJsonProtocol(options => options.PayloadSerializerOptions.TypeInfoResolverChain.Insert(0, WireJson.Default))
            .Build();
        hub.On<CourseChange>(LiveNames.Changed, ReceiveAsync);
        hub.On<DrainNotice>(LiveNames.Leaving, MoveAsync);
        hub.Reconnecting += _ => TellAsync(connected: false);
        hub.Reconnected += _ => ResumeAsync();
        hub.Closed += ClosedAsync;
    }

    public bool IsConnected { get; private set; }

    /// <summary>A course changed: once per message, in the order of the course.</summary>
    public event Func<CourseChange, Task>? Changed;

    /// <summary>The connection was lost or is back.</summary>
    public event Action? ConnectionChanged;

    public async Task WatchAsync(string course)
    {
        var feed = feeds[course] = feeds.GetValueOrDefault(course) ?? new CourseFeed();
        if (hub.State == HubConnectionState.Connected) await hub.SendAsync(LiveNames.Watch, course, feed.Last);
        else await StartAsync();
    }

    public async Task UnwatchAsync(string course)
    {
        if (feeds.Remove(course) && hub.State == HubConnectionState.Connected) await hub.SendAsync(LiveNames.Unwatch, course);
    }

    /// <summary>Somebody else signed in or out: the connection belongs to a person.</summary>
    public async Task StopAsync()
    {
        feeds.Clear();
        await hub.StopAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await stopped.CancelAsync();
        await hub.DisposeAsync();
        stopped.Dispose();
        starting.Dispose();
    }

    private async Task StartAsync()
    {
        await starting.WaitAsync(stopped.Token);
        try
        {
            for (var retries = 0; feeds.Count > 0 && hub.State == HubConnectionState.Disconnected; retries++)
            {
                try
                {
                    await hub.StartAsync(stopped.Token);
                    await ResumeAsync();
                }
                catch (Exception error) when (error is not OperationCanceledException)
                {
                    await TellAsync(connected: false);
                    await Task.Delay(delays.After(retries), stopped.Token);
                }
            }
        }
        finally
        {
            starting.Release();
        }
    }

    private async Task ResumeAsync()
    {
        await TellAsync(connected: true);
        foreach (var (course, feed) in feeds.ToArray()) await hub.SendAsync(LiveNames.Watch, course, feed.Last);
    }

    private async Task ReceiveAsync(CourseChange change)
    {
        if (!feeds.TryGetValue(change.Course, out var feed)) return;
        var wasWaiting = feed.IsWaiting;
        await PassOnAsync(feed.Receive(change));
        if (feed.IsWaiting && !wasWaiting) _ = FillGapAsync(change.Course, feed);
    }

    private async Task FillGapAsync(string course, CourseFeed feed)
    {
        if (hub.State == HubConnectionState.Connected) await hub.SendAsync(LiveNames.Watch, course, feed.Last);
        await Task.Delay(ReplayWait, stopped.Token);
        await PassOnAsync(feed.GiveUpWaiting());
    }

    private async Task PassOnAsync(IReadOnlyList<CourseChange> changes)
    {
        foreach (var change in changes)
        {
            if (Changed is { } changed) await changed(change);
        }
    }

    /// <summary>The server is about to leave: go to another one at a moment of our own, before it closes.</summary>
    private async Task MoveAsync(DrainNotice notice)
    {
        if (moving) return;
        moving = true;
        await Task.Delay(delays.Within(notice.ReconnectAfterMilliseconds), stopped.Token);
        _ = RestartAsync();
    }

    private async Task RestartAsync()
    {
        await hub.StopAsync(stopped.Token);
        moving = false;
        await StartAsync();
    }

    private async Task ClosedAsync(Exception? error)
    {
        if (error is null || moving || stopped.IsCancellationRequested) return;
        await TellAsync(connected: false);
        await StartAsync();
    }

    private Task TellAsync(bool connected)
    {
        IsConnected = connected;
        ConnectionChanged?.Invoke();
        return Task.CompletedTask;
    }
}
