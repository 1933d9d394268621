using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Provost.Stores.ClickHouse.Sql;

namespace Provost.Stores.ClickHouse.Http;

/// <summary>
/// How rows leave the engine while it still computes: it writes its one well-formed document into a pipe of this process,
/// by INTO OUTFILE. (chDB's own streaming gives every chunk its own header and footer, and is three times slower.)
/// </summary>
internal sealed partial class ResultPipe : IDisposable
{
    private const int CloseOnExec = 0x80000;
    private const int SetPipeSize = 1031;
    private const int PipeSize = 1024 * 1024;

    private readonly SafeFileHandle reading;
    private readonly SafeFileHandle writing;

    public ResultPipe()
    {
        Span<int> ends = stackalloc int[2];
        if (Pipe(ends, CloseOnExec) != 0)
        {
            throw new IOException($"No pipe for the result: {Marshal.GetLastPInvokeErrorMessage()}");
        }

        reading = new SafeFileHandle(ends[0], ownsHandle: true);
        writing = new SafeFileHandle(ends[1], ownsHandle: true);
        // More than the user's limit for pipes is refused, and then the default does.
        _ = Control(ends[1], SetPipeSize, PipeSize);
        Output = new FileStream(reading, FileAccess.Read, bufferSize: 0);
    }

    /// <summary>What the engine writes; ends after <see cref="Close"/>.</summary>
    public FileStream Output { get; }

    /// <summary>The statement with its output going into this pipe.</summary>
    public byte[] Redirect(ReadOnlySpan<byte> sql, Statement statement, string format)
    {
        var end = statement.End < 0 ? statement.HeadEnd : statement.End;
        var clause = Encoding.UTF8.GetBytes($" INTO OUTFILE '/proc/self/fd/{writing.DangerousGetHandle()}' APPEND FORMAT {format} ");
        return [.. sql[..statement.HeadEnd], .. clause, .. sql[statement.FormatEnd..end]];
    }

    /// <summary>No more comes: the statement has ended.</summary>
    public void Close() => writing.Dispose();

    public void Dispose()
    {
        writing.Dispose();
        Output.Dispose();
        reading.Dispose();
    }

    [LibraryImport("libc", EntryPoint = "pipe2", SetLastError = true)]
    private static partial int Pipe(Span<int> ends, int flags);

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    private static partial int Control(int descriptor, int command, int argument);
}
