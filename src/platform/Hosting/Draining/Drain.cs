using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Provost.Hosting.Configuration;
using Provost.Hosting.Listening;

namespace Provost.Hosting.Draining;

/// <summary>
/// How a service leaves without anybody noticing: not ready at once, still serving for the drain delay, live connections
/// told to reconnect, then the host stops and requests in flight finish.
/// </summary>
public sealed partial class Drain : IDisposable
{
    // After the last accept, a client that has just connected gets this long to send its request.
    private static readonly TimeSpan Settle = TimeSpan.FromMilliseconds(250);

    // Every live connection that comes back costs those who serve some milliseconds: more of them at once are a crowd that others wait behind.
    private const double ReconnectsPerSecond = 20;
    private const long NotBegun = -1;

    private readonly CancellationTokenSource hastened = new();
    private readonly ServiceOptions options;
    private readonly ListeningSockets sockets;
    private readonly Connections connections;
    private readonly LiveConnections live;
    private readonly HostOptions host;
    private readonly IHostApplicationLifetime lifetime;
    private readonly TimeProvider time;
    private readonly ILogger<Drain> logger;
    private long delayTicks = NotBegun;
    private int requests;

    internal Drain(DrainParts parts, ServiceOptions options, IHostApplicationLifetime lifetime, TimeProvider time, ILogger<Drain> logger)
    {
        (sockets, connections, live) = (parts.Sockets, parts.Connections, parts.Live);
        host = parts.Host.Value;
        this.options = options;
        this.lifetime = lifetime;
        this.time = time;
        this.logger = logger;
    }

    /// <summary>Whether the service is leaving: it still serves, but takes on nothing that lasts.</summary>
    public bool HasBegun => Volatile.Read(ref delayTicks) != NotBegun;

    /// <summary>
    /// How long the service serves on once it leaves: the drain delay, and with many live connections longer, so that they do not
    /// come back as a crowd; what is more than the drain delay is taken from the time for requests in flight, at most half of that.
    /// Nothing as long as it has not begun.
    /// </summary>
    public TimeSpan Delay => TimeSpan.FromTicks(Math.Max(0, Volatile.Read(ref delayTicks)));

    internal DrainReport Report => new(
        !HasBegun ? "serving" : lifetime.ApplicationStopping.IsCancellationRequested ? "stopping" : "draining",
        Volatile.Read(ref requests), live.Count, connections.Open);

    /// <summary>Begins to leave; a second call hastens it to the end of the drain delay.</summary>
    /// <param name="handOver">Another process accepts from the same sockets: stop accepting now instead of at the end.</param>
    public void Begin(bool handOver)
    {
        if (Interlocked.CompareExchange(ref delayTicks, DelayFor(live.Count).Ticks, NotBegun) == NotBegun)
        {
            // Whoever kills what does not end in time counts with both together.
            host.ShutdownTimeout -= Delay - TimeSpan.FromSeconds(options.DrainSeconds);
            LogBegun(Delay.TotalSeconds, handOver);
            _ = Task.Run(() => RunAsync(handOver));
        }
        else
        {
            Hasten();
        }
    }

    /// <summary>Ends the drain delay now.</summary>
    public void Hasten() => hastened.Cancel();

    public void Dispose() => hastened.Dispose();

    internal void RequestStarted() => Interlocked.Increment(ref requests);

    internal void RequestEnded() => Interlocked.Decrement(ref requests);

    private async Task RunAsync(bool handOver)
    {
        var started = time.GetTimestamp();
        if (handOver)
        {
            sockets.StopAccepting();
        }

        // Without hand-over, balancers must first have seen that this replica is not ready, or clients come back to it.
        live.ReconnectAll(handOver ? TimeSpan.Zero : Delay * 0.4, Delay * 0.9);
        while (!hastened.IsCancellationRequested && time.GetElapsedTime(started) < Delay && !(handOver && connections.Open == 0))
        {
            var left = Delay - time.GetElapsedTime(started);
            await PauseAsync(left < Settle ? left : Settle);
        }

        sockets.StopAccepting();
        if (!hastened.IsCancellationRequested)
        {
            await Task.Delay(Settle, time);
        }

        var report = Report;
        LogStopping(report.Requests, report.LiveConnections);
        lifetime.StopApplication();
    }

    private TimeSpan DelayFor(int connections)
    {
        var configured = TimeSpan.FromSeconds(options.DrainSeconds);
        if (configured == TimeSpan.Zero)
        {
            return configured;
        }

        var most = options.DrainSeconds + (options.ShutdownSeconds / 2);
        return TimeSpan.FromSeconds(Math.Clamp(connections / ReconnectsPerSecond, options.DrainSeconds, most));
    }

    private async Task PauseAsync(TimeSpan duration)
    {
        try
        {
            await Task.Delay(duration, time, hastened.Token);
        }
        catch (OperationCanceledException)
        {
            // Hastened.
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Draining for {Seconds} s (hand-over: {HandOver})")]
    private partial void LogBegun(double seconds, bool handOver);

    [LoggerMessage(Level = LogLevel.Information, Message = "Stopping with {Requests} request(s) and {Live} live connection(s) in flight")]
    private partial void LogStopping(int requests, int live);
}

internal sealed record DrainParts(ListeningSockets Sockets, Connections Connections, LiveConnections Live, IOptions<HostOptions> Host);

/// <summary>What is still going on in a service that leaves.</summary>
internal sealed record DrainReport(string State, int Requests, int LiveConnections, int Connections);
