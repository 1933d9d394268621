using System.Globalization;
using System.Text;
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
        // FileShare.ReadWrite: .NET's own lock would be taken otherwise, with an error that names nobody.
        var file = new FileStream(state.AgentLock, new FileStreamOptions
        {
            Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.ReadWrite | FileShare.Delete, UnixCreateMode = PrivateFiles.FileMode,
        });
        if (Native.Flock((int)file.SafeFileHandle.DangerousGetHandle(), Native.LockExclusive | Native.LockNonBlocking) != 0)
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
