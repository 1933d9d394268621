using System.Runtime.InteropServices;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Provost.Hosting.Listening;

namespace Provost.Hosting.Draining;

/// <summary>
/// SIGTERM drains, and leaves the public socket to others at once when another process holds it; a second one ends the drain delay; a third one ends the process. SIGINT (a person at a terminal) skips
/// the delay.
/// </summary>
internal sealed class SignalLifetime(IServiceProvider services) : IHostLifetime, IDisposable
{
    private readonly List<PosixSignalRegistration> registrations = [];
    private int terminations;

    // The host builds its lifetime before the settings were validated.
    private Drain Drain => services.GetRequiredService<Drain>();

    private ListeningSockets Sockets => services.GetRequiredService<ListeningSockets>();

    public Task WaitForStartAsync(CancellationToken cancellationToken)
    {
        registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGTERM, Terminate));
        registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGINT, Interrupt));
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => registrations.ForEach(registration => registration.Dispose());

    private void Terminate(PosixSignalContext context)
    {
        // The third is left to the runtime: it ends the process.
        context.Cancel = Interlocked.Increment(ref terminations) <= 2;
        if (context.Cancel)
        {
            Drain.Begin(Sockets.AreHandedOver);
        }
    }

    private void Interrupt(PosixSignalContext context)
    {
        context.Cancel = Interlocked.Increment(ref terminations) <= 2;
        if (context.Cancel)
        {
            Drain.Begin(Sockets.AreHandedOver);
            Drain.Hasten();
        }
    }
}
