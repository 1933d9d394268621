using System.Runtime.InteropServices;

namespace Provost.Cli.Commands;

/// <summary>
/// Ctrl-C and SIGTERM: the first asks the verb to end in order, the second ends it. What comes within a second of the first is
/// the same wish: some tools signal the process and its group.
/// </summary>
internal sealed class Interrupt : IDisposable
{
    private const long SameWishMilliseconds = 1000;

    private readonly CancellationTokenSource source;
    private readonly PosixSignalRegistration[] signals;
    private long first;

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
        var now = Environment.TickCount64;
        var before = Interlocked.CompareExchange(ref first, now, 0);
        context.Cancel = before == 0 || now - before < SameWishMilliseconds;
        source.Cancel();
    }
}
