using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Connections.Features;

namespace Provost.Stores.ClickHouse.Http;

/// <summary>Waits until the client has what was sent: Kestrel cuts a connection with a reset, which throws away what is on its way.</summary>
internal static partial class UnsentBytes
{
    /// <summary>SIOCOUTQ: bytes that the peer has not acknowledged.</summary>
    private const nuint OutQueue = 0x5411;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    public static async Task GoneAsync(HttpContext context, TimeProvider time)
    {
        var socket = context.Features.Get<IConnectionSocketFeature>()?.Socket;
        var started = time.GetTimestamp();
        // Several times in a row: Kestrel may just be handing the next bytes to the socket.
        for (var empty = 0; empty < 3 && time.GetElapsedTime(started) < Limit && !context.RequestAborted.IsCancellationRequested;)
        {
            await Task.Delay(Pause, time);
            var unsent = 0;
            empty = socket is null || Control((int)socket.Handle, OutQueue, ref unsent) != 0 || unsent == 0 ? empty + 1 : 0;
        }
    }

    [LibraryImport("libc", EntryPoint = "ioctl")]
    private static partial int Control(int descriptor, nuint request, ref int value);
}
