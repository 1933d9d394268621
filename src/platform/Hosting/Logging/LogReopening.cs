using System.Runtime.InteropServices;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Provost.Hosting.Logging;

/// <summary>On SIGHUP puts the log file, opened anew, under standard output and standard error.</summary>
internal sealed partial class LogReopening(LoggingOptions options, ILogger<LogReopening> logger) : IHostedService, IDisposable
{
    private PosixSignalRegistration? registration;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (options.File is { } path)
        {
            registration = PosixSignalRegistration.Create(PosixSignal.SIGHUP, context =>
            {
                context.Cancel = true;
                Reopen(path);
            });
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => registration?.Dispose();

    private void Reopen(string path)
    {
        const uint ownerOnly = 0x180; // 0600
        var file = Native.Open(path, Native.WriteOnlyAppendCreate, ownerOnly);
        if (file < 0)
        {
            LogProblem(path, Marshal.GetLastPInvokeErrorMessage());
            return;
        }

        _ = Native.DuplicateOver(file, 1);
        _ = Native.DuplicateOver(file, 2);
        _ = Native.Close(file);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Cannot reopen the log {Path}: {Problem}. The old file is still written to")]
    private partial void LogProblem(string path, string problem);
}
