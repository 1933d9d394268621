using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
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

    private readonly CancellationTokenSource hastened = new();
    private readonly ServiceOptions options;
    private readonly ListeningSockets sockets;
    private readonly Connections connections;
    private readonly LiveConnections live;
    private readonly IHostApplicationLifetime lifetime;
    private readonly TimeProvider time;
    private readonly ILogger<Drain> logger;
    private int begun;
    private int requests;

    internal Drain(DrainParts parts, ServiceOptions options, IHostApplicationLifetime lifetime, TimeProvider time, ILogger<Drain> logger)
    {
        (sockets, connections, live) = parts;
        this.options = options;
        this.lifetime = lifetime;
        this.time = time;
        this.logger = logger;
    }

    /// <summary>Whether the service is leaving: it still serves, but takes on nothing that lasts.</summary>
    public bool HasBegun => Volatile.Read(ref begun) != 0;

    internal DrainReport Report => new(
        !HasBegun ? "serving" : lifetime.ApplicationStopping.IsCancellationRequested ? "stopping" : "draining",
        Volatile.Read(ref requests), live.Count, connections.Open);

    /// <summary>Begins to leave; a second call hastens it to the end of the drain delay.</summary>
    /// <param name="handOver">Another process accepts from the same sockets: stop accepting now instead of at the end.</param>
    public void Begin(bool handOver)
    {
        if (Interlocked.Exchange(ref begun, 1) == 0)
        {
            LogBegun(options.DrainSeconds, handOver);
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
        var delay = TimeSpan.FromSeconds(options.DrainSeconds);
        if (handOver)
        {
            sockets.StopAccepting();
        }

        // Without hand-over, balancers must first have seen that this replica is not ready, or clients come back to it.
        live.ReconnectAll(handOver ? TimeSpan.Zero : delay * 0.4, delay * 0.9);
        while (!hastened.IsCancellationRequested && time.GetElapsedTime(started) < delay && !(handOver && connections.Open == 0))
        {
            var left = delay - time.GetElapsedTime(started);
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

internal sealed record DrainParts(ListeningSockets Sockets, Connections Connections, LiveConnections Live);

/// <summary>What is still going on in a service that leaves.</summary>
internal sealed record DrainReport(string State, int Requests, int LiveConnections, int Connections);
