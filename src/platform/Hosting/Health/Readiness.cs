using Microsoft.Extensions.Logging;

namespace Provost.Hosting.Health;

/// <summary>Runs the readiness checks together, each with a timeout, and keeps the answer for a second: probes are many.</summary>
internal sealed partial class Readiness(
    IEnumerable<ReadinessCheck> checks, IServiceProvider services, TimeProvider time, ILogger<Readiness> logger) : IDisposable
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(2);

    private readonly ReadinessCheck[] checks = [.. checks];
    private readonly SemaphoreSlim turn = new(1);
    private IReadOnlyList<CheckResult>? latest;
    private long takenAt;

    public async Task<IReadOnlyList<CheckResult>> CheckAsync(CancellationToken cancellation)
    {
        await turn.WaitAsync(cancellation);
        try
        {
            if (latest is null || time.GetElapsedTime(takenAt) >= Lifetime)
            {
                var previous = latest;
                latest = await Task.WhenAll(checks.Select(RunAsync));
                takenAt = time.GetTimestamp();
                LogChanges(previous, latest);
            }

            return latest;
        }
        finally
        {
            turn.Release();
        }
    }

    public void Dispose() => turn.Dispose();

    private async Task<CheckResult> RunAsync(ReadinessCheck check)
    {
        var started = time.GetTimestamp();
        using var timeout = new CancellationTokenSource(Timeout, time);
        try
        {
            // A check that ignores its token must not hold the others up.
            await check.Run(services, timeout.Token).WaitAsync(Timeout, time, CancellationToken.None);
            return new(check.Name, true, Elapsed(started), null);
        }
        catch (Exception error) when (error is TimeoutException or OperationCanceledException)
        {
            return new(check.Name, false, Elapsed(started), $"no answer within {Timeout.TotalSeconds:0} s");
        }
#pragma warning disable CA1031 // Whatever a check throws is the reason why the service is not ready.
        catch (Exception error)
#pragma warning restore CA1031
        {
            return new(check.Name, false, Elapsed(started), error.Message);
        }
    }

    private double Elapsed(long started) => Math.Round(time.GetElapsedTime(started).TotalMilliseconds, 2);

    private void LogChanges(IReadOnlyList<CheckResult>? previous, IReadOnlyList<CheckResult> current)
    {
        for (var index = 0; index < current.Count; index++)
        {
            var (before, now) = (previous?[index].Ready, current[index]);
            if (before != now.Ready && !now.Ready)
            {
                LogNotReady(now.Name, now.Problem!);
            }
            else if (before == false && now.Ready)
            {
                LogReadyAgain(now.Name);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Not ready: {Check}: {Problem}")]
    private partial void LogNotReady(string check, string problem);

    [LoggerMessage(Level = LogLevel.Information, Message = "Ready again: {Check}")]
    private partial void LogReadyAgain(string check);
}
