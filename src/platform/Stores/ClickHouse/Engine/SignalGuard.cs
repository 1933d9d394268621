using System.Runtime.InteropServices;

namespace Provost.Stores.ClickHouse.Engine;

/// <summary>
/// Puts the runtime's signal handlers back after a call into the engine. Telling chDB to leave signals alone also resets
/// them to their default on some releases, and then a null reference in C# ends the process instead of throwing.
/// </summary>
internal static unsafe partial class SignalGuard
{
    // struct sigaction of glibc is 152 bytes on x64 and arm64; it is only copied, never read.
    private const int SigactionSize = 152;
    private const int LastSignal = 64;

    public static void Run(Action call)
    {
        var saved = stackalloc byte[SigactionSize * (LastSignal + 1)];
        for (var signal = 1; signal <= LastSignal; signal++)
        {
            _ = Sigaction(signal, null, saved + (signal * SigactionSize));
        }

        try
        {
            call();
        }
        finally
        {
            for (var signal = 1; signal <= LastSignal; signal++)
            {
                // Signals that nobody may catch (SIGKILL, SIGSTOP, glibc's own) answer EINVAL, which is what is wanted.
                _ = Sigaction(signal, saved + (signal * SigactionSize), null);
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "sigaction")]
    private static partial int Sigaction(int signal, byte* action, byte* old);
}
