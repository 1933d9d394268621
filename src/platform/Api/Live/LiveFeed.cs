using System.Threading.Channels;
using Microsoft.AspNetCore.SignalR;
using Provost.Api.Insights;
using Provost.Api.State;
using Provost.Contracts;
using Provost.Hosting.Configuration;
using Provost.Hosting.Draining;

namespace Provost.Api.Live;

/// <summary>Turns doorbells into deliveries, looks by itself every few seconds, and says goodbye when the service drains.</summary>
internal sealed partial class LiveFeed(LiveStores stores, LiveWatches watches, IHubContext<LiveHub> hub, LeavingNotice leaving, ILogger<LiveFeed> logger)
    : BackgroundService
{
    private const string Everything = "*";
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan DrainLook = TimeSpan.FromMilliseconds(100);

    private readonly Channel<string> rings = Channel.CreateUnbounded<string>(new UnboundedChannelOptions { SingleReader = true });

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(ListenAsync(stoppingToken), LookAsync(stoppingToken), AnswerAsync(stoppingToken), LeaveAsync(stoppingToken));

    private async Task ListenAsync(CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                await stores.Redis.ListenAsync(Keys.Doorbell, ring => rings.Writer.TryWrite(ring), () => rings.Writer.TryWrite(Everything));
                return;
            }
#pragma warning disable CA1031 // Without doorbells the regular look still delivers.
            catch (Exception error) when (error is not OperationCanceledException)
#pragma warning restore CA1031
            {
                LogFailed(error, "listen");
                await Task.Delay(Look, stores.Time, cancellation);
            }
        }
    }

    private async Task LookAsync(CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(Look, stores.Time);
        while (await timer.WaitForNextTickAsync(cancellation))
            rings.Writer.TryWrite(Everything);
    }

    private async Task AnswerAsync(CancellationToken cancellation)
    {
        await foreach (var ring in rings.Reader.ReadAllAsync(cancellation))
        {
            try
            {
                await AnswerAsync(ring);
            }
#pragma warning disable CA1031 // One failed delivery is made up for by the next look.
            catch (Exception error) when (error is not OperationCanceledException)
#pragma warning restore CA1031
            {
                LogFailed(error, ring);
            }
        }
    }

    private Task AnswerAsync(string ring)
    {
        switch (ring.Split(':', 3))
        {
            case ["course", var course, var kind]:
                // Old versions are not asked for again and fade away; what was erased goes now.
                if (kind == "erasure")
                    stores.Cache.Drop(course);
                return watches.DeliverAsync(course);
            case ["user", var user, ..]:
                return watches.RecheckAsync(user);
            default:
                return Task.WhenAll(watches.Clients.SelectMany(client => client.Courses.Keys).Distinct().Select(watches.DeliverAsync));
        }
    }

    // Hosting closes the connections with 1012; this gives pages the chance to move before that, each at its own moment.
    private async Task LeaveAsync(CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(DrainLook, stores.Time);
        while (!leaving.HasBegun)
            await timer.WaitForNextTickAsync(cancellation);
        await Task.WhenAll(watches.Clients.Select(client => hub.Clients.Client(client.Context.ConnectionId)
            .SendAsync(LiveNames.Leaving, leaving.Notice, CancellationToken.None)));
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Live feed: {What} failed; it is tried again")]
    private partial void LogFailed(Exception error, string what);
}

/// <summary>What the feed reads from.</summary>
internal sealed record LiveStores(RedisStore Redis, InsightCache Cache, TimeProvider Time);

/// <summary>Whether this replica is leaving, and what it says then.</summary>
internal sealed class LeavingNotice(Drain drain, ServiceOptions service)
{
    public bool HasBegun => drain.HasBegun;

    /// <summary>Within the drain delay, after balancers have seen that this replica is not ready.</summary>
    public DrainNotice Notice => new((int)(drain.Delay.TotalMilliseconds * 0.4), service.Release);
}
