using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Provost.Hosting.Draining;

/// <summary>The open WebSockets of this process. When it drains, each is closed with 1012 at a moment of its own.</summary>
public sealed class LiveConnections : IDisposable
{
    private readonly ConcurrentDictionary<LiveStream, byte> open = new();
    private readonly TimeProvider time;
    private readonly Meter meter = new("Provost.Hosting");
    private readonly Random jitter = new(Environment.ProcessId);
    private (DateTimeOffset From, DateTimeOffset Until)? leaving;

    public LiveConnections(TimeProvider time)
    {
        this.time = time;
        meter.CreateObservableUpDownCounter("provost.live.connections", () => Count, "{connection}", "Open WebSockets.");
    }

    public int Count => open.Count;

    public void Dispose() => meter.Dispose();

    internal LiveStream Track(Stream stream)
    {
        var live = new LiveStream(stream);
        open[live] = 0;
        if (leaving is { } window)
        {
            _ = CloseWithinAsync(live, window);
        }

        return live;
    }

    internal void Forget(LiveStream? live)
    {
        if (live is not null)
        {
            open.TryRemove(live, out _);
        }
    }

    /// <summary>Asks every client to reconnect, at random moments of a window so that they do not come back all at once.</summary>
    internal void ReconnectAll(TimeSpan from, TimeSpan until)
    {
        var window = (time.GetUtcNow() + from, time.GetUtcNow() + until);
        leaving = window;
        foreach (var (live, _) in open)
        {
            _ = CloseWithinAsync(live, window);
        }
    }

    /// <summary>Asks every client that is connected now to reconnect; who comes later is not asked.</summary>
    public void ReconnectPresent(TimeSpan within)
    {
        var window = (time.GetUtcNow(), time.GetUtcNow() + within);
        foreach (var (live, _) in open)
        {
            _ = CloseWithinAsync(live, window);
        }
    }

    private async Task CloseWithinAsync(LiveStream live, (DateTimeOffset From, DateTimeOffset Until) window)
    {
        double share;
        lock (jitter)
        {
            share = jitter.NextDouble();
        }

        var at = window.From + ((window.Until - window.From) * share) - time.GetUtcNow();
        await Task.Delay(at > TimeSpan.Zero ? at : TimeSpan.Zero, time);
        await live.CloseForRestartAsync();
    }
}
