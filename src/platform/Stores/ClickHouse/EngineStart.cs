using Provost.Stores.ClickHouse.Engine;

namespace Provost.Stores.ClickHouse;

/// <summary>Starts the engine before the first request, and says what it found.</summary>
internal sealed partial class EngineStart(IServiceProvider services, EngineProbe probe, ILogger<EngineStart> logger) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        var engine = services.GetRequiredService<ChdbEngine>();
        probe.Prepare();
        LogStarted(engine.Version, engine.Files.Data);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(Level = LogLevel.Information, Message = "Embedded ClickHouse {Version} serves {Directory}")]
    private partial void LogStarted(string version, string directory);
}
