using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using Provost.Runbooks.Tools;

namespace Provost.TestService;

/// <summary>Listens on descriptor 3; answers /health/*, /pid, /lines/N, /hang and /exit; gives its socket away; reopens its log.</summary>
internal sealed class SmallService : IDisposable
{
    private readonly Socket listener = new(new SafeSocketHandle(3, ownsHandle: true));
    private readonly TaskCompletionSource<int> ended = new();
    private volatile bool hangs;

    public async Task<int> RunAsync()
    {
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context =>
        {
            context.Cancel = true;
            ended.TrySetResult(0);
        });
        using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, context =>
        {
            context.Cancel = true;
            ReopenLog();
        });
        if (Environment.GetEnvironmentVariable("PROVOST_Listen__HandOver") is { } path)
        {
            _ = GiveSocketAsync(path);
        }
        WriteLine("started");
        _ = AcceptAsync();
        return await ended.Task;
    }

    public void Dispose() => listener.Dispose();

    private async Task AcceptAsync()
    {
        while (true)
        {
            var connection = await listener.AcceptAsync();
            if (!hangs)
            {
                _ = AnswerAsync(connection);
            }
        }
    }

    private async Task AnswerAsync(Socket connection)
    {
        await using var stream = new NetworkStream(connection, ownsSocket: true);
        using var reader = new StreamReader(stream, Encoding.ASCII, leaveOpen: true);
        var path = (await reader.ReadLineAsync())?.Split(' ')[1];
        while (await reader.ReadLineAsync() is { Length: > 0 })
        {
        }
        var body = path switch
        {
            ['/', 'l', 'i', 'n', 'e', 's', '/', .. var count] => Lines(int.Parse(count, System.Globalization.CultureInfo.InvariantCulture)),
            "/environment" => string.Join('\n', Environment.GetEnvironmentVariables().Keys.Cast<string>().Order(StringComparer.Ordinal)),
            "/descriptors" => string.Join(',', Directory.EnumerateFileSystemEntries("/proc/self/fd").Select(f => File.ResolveLinkTarget(f, false)?.Name)),
            _ => $"{Environment.ProcessId}",
        };
        await stream.WriteAsync(Encoding.UTF8.GetBytes($"HTTP/1.1 200 OK\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\nConnection: close\r\n\r\n{body}"));
        if (path == "/exit")
        {
            ended.TrySetResult(5);
        }
        hangs |= path == "/hang";
    }

    private static string Lines(int count)
    {
        for (var i = 0; i < count; i++)
        {
            WriteLine($"line {i} of this log, long enough to fill a file soon");
        }
        return "written";
    }

    private static unsafe void WriteLine(string line)
    {
        var bytes = Encoding.UTF8.GetBytes(line + "\n");
        fixed (byte* first = bytes)
        {
            _ = LibC.Write(1, first, (nuint)bytes.Length);
        }
    }

    private static void ReopenLog()
    {
        using var file = new FileStream(Environment.GetEnvironmentVariable("PROVOST_Logs__File")!, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
        _ = LibC.Duplicate((int)file.SafeFileHandle.DangerousGetHandle(), 1);
        _ = LibC.Duplicate((int)file.SafeFileHandle.DangerousGetHandle(), 2);
    }

    private static async Task GiveSocketAsync(string path)
    {
        File.Delete(path);
        using var handOver = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        handOver.Bind(new UnixDomainSocketEndPoint(path));
        handOver.Listen(4);
        while (true)
        {
            using var client = await handOver.AcceptAsync();
            SendDescriptor((int)client.Handle, 3);
        }
    }

    private static unsafe void SendDescriptor(int socket, int descriptor)
    {
        var payload = stackalloc byte[1];
        var control = stackalloc byte[24];
        new Span<byte>(control, 24).Clear();
        *(nuint*)control = 20;
        ((int*)control)[2] = 1;
        ((int*)control)[3] = 1;
        ((int*)control)[4] = descriptor;
        var vector = new Native.IoVector { Base = payload, Length = 1 };
        var message = new Native.MessageHeader { Vectors = &vector, VectorCount = 1, Control = control, ControlLength = 24 };
        _ = Native.SendMessage(socket, &message, 0);
    }
}
