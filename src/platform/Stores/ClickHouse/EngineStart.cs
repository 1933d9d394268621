using Provost.Stores.ClickHouse.Engine;

namespace Provost.Stores.ClickHouse;

/// <summary>Starts the engine before the first request, and says what it found.</summary>
internal sealed partial class EngineStart(
    IServiceProvider services, ClickHouseOptions options, EngineProbe probe, ILogger<EngineStart> logger) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        // A running query blocks two threads: one in the engine, one at its pipe.
        ThreadPool.SetMinThreads((2 * options.MaxRunningQueries) + 16, 16);
        var engine = services.GetRequiredService<ChdbEngine>();
        probe.Prepare();
        LogStarted(engine.Version, engine.Files.Data);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(Level = LogLevel.Information, Message = "Embedded ClickHouse {Version} serves {Directory}")]
    private partial void LogStarted(string version, string directory);
}
