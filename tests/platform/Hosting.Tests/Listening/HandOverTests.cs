using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Provost.Hosting.Tests.Listening;

public sealed partial class HandOverTests
{
    [Fact]
    public async Task A_process_of_the_same_user_gets_the_listening_sockets_and_they_outlive_the_giver()
    {
        var path = Path.Combine(Directory.CreateTempSubdirectory("provost-").FullName, "handover.sock");
        using var socket = TestProcess.Listen();
        using var admin = TestProcess.Listen();
        using var service = TestProcess.Start(
            ("Listen__Http", $"fd:{socket.Handle}"), ("Listen__Admin", $"fd:{admin.Handle}"), ("Listen__HandOver", path));
        using var client = new HttpClient { BaseAddress = new Uri($"http://{admin.LocalEndPoint}") };
        await Eventually.ReadyAsync(client);

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        var (line, descriptors) = Receive(path);
        service.Signal(PosixSignalNumber.Kill);
        await service.ExitAsync(TimeSpan.FromSeconds(10));

        var names = JsonDocument.Parse(line).RootElement.GetProperty("sockets").EnumerateArray()
            .Select(offered => offered.GetProperty("name").GetString());
        Assert.Equal(["http", "admin"], names);
        using var adopted = new Socket(new SafeSocketHandle(descriptors[0], ownsHandle: true));
        Assert.Equal(socket.LocalEndPoint, adopted.LocalEndPoint);
        using var successor = TestProcess.Start(("Listen__Http", $"fd:{Inheritable(adopted)}"), ("Service__Replica", "successor"));
        using var visitor = new HttpClient { BaseAddress = new Uri($"http://{socket.LocalEndPoint}"), Timeout = TimeSpan.FromSeconds(60) };
        Assert.Equal("successor", await visitor.GetStringAsync(new Uri("/who", UriKind.Relative), TestContext.Current.CancellationToken));
    }

    private static nint Inheritable(Socket socket)
    {
        _ = FileControl((int)socket.Handle, 2, 0);
        return socket.Handle;
    }

    private static unsafe (string Line, int[] Descriptors) Receive(string path)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Connect(new UnixDomainSocketEndPoint(path));
        Span<byte> payload = stackalloc byte[1024], control = stackalloc byte[64];
        fixed (byte* bytes = payload, controlBytes = control)
        {
            var vector = new Native.IoVector { Base = bytes, Length = (nuint)payload.Length };
            var message = new Native.MessageHeader
            {
                Vectors = &vector,
                VectorCount = 1,
                Control = controlBytes,
                ControlLength = (nuint)control.Length,
            };
            var length = (int)ReceiveMessage((int)socket.Handle, &message, 0);
            Assert.True(length > 0, "nothing was handed over");
            var header = MemoryMarshal.Read<Native.ControlHeader>(control);
            var data = control[sizeof(Native.ControlHeader)..(int)header.Length];
            return (Encoding.UTF8.GetString(payload[..length]), MemoryMarshal.Cast<byte, int>(data).ToArray());
        }
    }

    [LibraryImport("libc", EntryPoint = "recvmsg", SetLastError = true)]
    private static unsafe partial nint ReceiveMessage(int descriptor, Native.MessageHeader* message, int flags);

    [LibraryImport("libc", EntryPoint = "fcntl")]
    private static partial int FileControl(int descriptor, int command, int argument);
}
