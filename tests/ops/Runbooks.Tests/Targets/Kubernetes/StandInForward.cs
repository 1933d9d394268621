using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using Provost.Runbooks.Targets.Kubernetes.Api;

namespace Provost.Runbooks.Tests.Targets.Kubernetes;

/// <summary>The kubelet's end of a forwarded port: channels, headers, pieces of messages, and the words of a refused connection.</summary>
internal static class StandInForward
{
    private const int Piece = 1000;

    public static async Task ServeAsync(HttpListenerContext context, int port)
    {
        var socket = (await context.AcceptWebSocketAsync(PortForward.Protocol)).WebSocket;
        byte[] number = [(byte)(port & 0xff), (byte)(port >> 8)];
        await socket.SendAsync((byte[])[0, .. number], WebSocketMessageType.Binary, true, default);
        await socket.SendAsync((byte[])[1, .. number], WebSocketMessageType.Binary, true, default);
        using var pod = new TcpClient();
        try
        {
            await pod.ConnectAsync(IPAddress.Loopback, port);
        }
        catch (SocketException e)
        {
            await socket.SendAsync((byte[])[1, .. Encoding.UTF8.GetBytes($"failed to connect to localhost:{port}: {e.Message}")], WebSocketMessageType.Binary, true, default);
            await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "", default);
            return;
        }
        await Task.WhenAny(ToPodAsync(socket, pod.GetStream()), FromPodAsync(socket, pod.GetStream()));
    }

    private static async Task ToPodAsync(WebSocket socket, NetworkStream pod)
    {
        var buffer = new byte[64 * 1024];
        var isFirst = true;
        while (await socket.ReceiveAsync(buffer.AsMemory(), default) is { MessageType: not WebSocketMessageType.Close } received)
        {
            await pod.WriteAsync(buffer.AsMemory(isFirst ? 1 : 0, received.Count - (isFirst ? 1 : 0)));
            isFirst = received.EndOfMessage;
        }
    }

    // Messages of a channel byte and odd pieces: a client that took each piece for a message would lose bytes.
    private static async Task FromPodAsync(WebSocket socket, NetworkStream pod)
    {
        var buffer = new byte[8 * Piece];
        for (int count; (count = await pod.ReadAsync(buffer)) > 0;)
        {
            await socket.SendAsync((byte[])[0], WebSocketMessageType.Binary, false, default);
            for (var from = 0; from < count; from += Piece)
            {
                var length = Math.Min(Piece, count - from);
                await socket.SendAsync(buffer.AsMemory(from, length), WebSocketMessageType.Binary, from + length == count, default);
            }
        }
    }
}
