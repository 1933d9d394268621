using System.Runtime.InteropServices;

namespace Provost.Cli.Commands;

/// <summary>Ctrl-C and SIGTERM: the first asks the verb to end in order, the second ends it.</summary>
internal sealed class Interrupt : IDisposable
{
    private readonly CancellationTokenSource source;
    private readonly PosixSignalRegistration[] signals;

    public Interrupt(CancellationToken outer)
    {
        source = CancellationTokenSource.CreateLinkedTokenSource(outer);
        signals = [PosixSignalRegistration.Create(PosixSignal.SIGINT, Once), PosixSignalRegistration.Create(PosixSignal.SIGTERM, Once)];
    }

    public CancellationToken Token => source.Token;

    public void Dispose()
    {
        Array.ForEach(signals, s => s.Dispose());
        source.Dispose();
    }

    private void Once(PosixSignalContext context)
    {
        context.Cancel = !source.IsCancellationRequested;
        source.Cancel();
    }
}
