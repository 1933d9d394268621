using System.Runtime.InteropServices;

namespace Provost.Runbooks.Tools;

/// <summary>
/// Ends a program when this one ends, however it ends: the kernel kills it when the writing end of a pipe closes, of which it
/// holds the other end without knowing. PR_SET_PDEATHSIG would not do: it is about the thread that started the program, and
/// .NET's threads come and go.
/// </summary>
internal sealed unsafe class DeathSignal : IDisposable
{
    private int read;
    private int write;

    private DeathSignal(int read, int write) => (this.read, this.write) = (read, write);

    /// <summary>To be held until the program was started and <see cref="Bind"/> was called.</summary>
    public static DeathSignal Open()
    {
        var ends = stackalloc int[2];
        if (Native.Pipe(ends, Native.OpenCloseOnExec) != 0 || Native.Fcntl(ends[0], Native.SetDescriptorFlags, 0) != 0)
        {
            throw new OperationError(
                ErrorKind.Machine, $"no pipe could be opened: {Marshal.GetLastPInvokeErrorMessage()}", "raise the limit of open files: ulimit -n");
        }
        return new DeathSignal(ends[0], ends[1]);
    }

    public void Bind(int pid)
    {
        _ = Native.Fcntl(read, Native.SetSignal, Native.Kill);
        _ = Native.Fcntl(read, Native.SetOwner, pid);
        _ = Native.Fcntl(read, Native.SetFileFlags, Native.Fcntl(read, Native.GetFileFlags, 0) | Native.SignalWhenReady);
        Close(ref read);
    }

    /// <summary>Kills the program if it still runs.</summary>
    public void Dispose()
    {
        Close(ref read);
        Close(ref write);
    }

    private static void Close(ref int descriptor)
    {
        if (Interlocked.Exchange(ref descriptor, -1) is >= 0 and var open)
        {
            _ = Native.Close(open);
        }
    }
}
