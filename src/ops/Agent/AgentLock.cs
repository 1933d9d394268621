using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Provost.Runbooks;
using Provost.Runbooks.Targets.Process;
using Provost.Runbooks.Tools;

namespace Provost.Agent;

/// <summary>At most one agent looks after a state directory. The lock ends with the process, however it ends.</summary>
internal sealed class AgentLock : IDisposable
{
    private readonly FileStream file;

    private AgentLock(FileStream file) => this.file = file;

    public static AgentLock Take(StateDirectory state)
    {
        // Not FileStream's own opening: it locks too, and then says neither who holds the lock nor what to do.
        var descriptor = Native.Open(state.AgentLock, Native.OpenReadWriteCreate | Native.OpenCloseOnExec, Native.OwnerOnly);
        if (descriptor < 0)
        {
            throw new OperationError(ErrorKind.Machine, $"{state.AgentLock} cannot be opened: {Marshal.GetLastPInvokeErrorMessage()}", "give this user the right to write there");
        }
        var file = new FileStream(new SafeFileHandle(descriptor, ownsHandle: true), FileAccess.ReadWrite);
        if (Native.Flock(descriptor, Native.LockExclusive | Native.LockNonBlocking) != 0)
        {
            using var reader = new StreamReader(file, Encoding.ASCII);
            throw new OperationError(
                ErrorKind.Refused, $"another agent (process {reader.ReadToEnd().Trim()}) looks after {state.Root}", "use that one: provost status");
        }
        file.SetLength(0);
        file.Write(Encoding.ASCII.GetBytes(Environment.ProcessId.ToString(CultureInfo.InvariantCulture)));
        file.Flush();
        return new AgentLock(file);
    }

    public void Dispose() => file.Dispose();
}
