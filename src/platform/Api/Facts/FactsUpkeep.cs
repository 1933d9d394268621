using Provost.Api.State;

namespace Provost.Api.Facts;

/// <summary>Brings the schema up to date at start, and every hour removes rows that nobody will read any more.</summary>
internal sealed partial class FactsUpkeep(Schema schema, SnapshotFacts facts, CourseState courses, TimeProvider time, ILogger<FactsUpkeep> logger)
    : BackgroundService
{
    /// <summary>Longer than any import takes and any reader reads: an attempt in progress is never swept.</summary>
    public static readonly TimeSpan KeepFor = TimeSpan.FromHours(6);

    private static readonly TimeSpan Pause = TimeSpan.FromHours(1);
    private static readonly TimeSpan RetryPause = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!await TryAsync("migrate", schema.MigrateAsync, stoppingToken))
            await Task.Delay(RetryPause, time, stoppingToken);
        while (true)
        {
            await TryAsync("sweep", SweepAsync, stoppingToken);
            await Task.Delay(Pause, time, stoppingToken);
        }
    }

    private async Task SweepAsync(CancellationToken cancellation) => await facts.SweepAsync(
        (await courses.AllAsync()).ToDictionary(course => course.Id, course => course.Snapshot), KeepFor, cancellation);

    private async Task<bool> TryAsync(string what, Func<CancellationToken, Task> work, CancellationToken cancellation)
    {
        try
        {
            await work(cancellation);
            return true;
        }
#pragma warning disable CA1031 // Upkeep must not end the service: readiness says what is missing, and it is tried again.
        catch (Exception error) when (error is not OperationCanceledException)
#pragma warning restore CA1031
        {
            LogFailed(error, what);
            return false;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Upkeep of the facts failed: {What}. It is tried again")]
    private partial void LogFailed(Exception error, string what);
}
