using System.Net.WebSockets;
using System.Text;

namespace Provost.Runbooks.Targets.Kubernetes.Api;

/// <summary>
/// A connection to a port of a pod through the API server and the kubelet: what <c>kubectl port-forward</c> does, for one
/// connection. Each message begins with the number of its channel: 0 carries the bytes, 1 an error in words; the first
/// two bytes of each channel are the port.
/// </summary>
public sealed class PortForward : Stream
{
    public const string Protocol = "v4.channel.k8s.io";

    private const byte Data = 0;
    private const byte Error = 1;
    private const int LargestMessage = 32 * 1024;

    private readonly WebSocket socket;
    private readonly byte[] frame = new byte[64 * 1024];
    private readonly int[] headerLeft = [sizeof(ushort), sizeof(ushort)];
    private readonly MemoryStream error = new();
    private ReadOnlyMemory<byte> left;
    private byte channel;
    private bool isInMessage;

    internal PortForward(WebSocket socket) => this.socket = socket;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (left.Length == 0)
        {
            if (!await ReceiveAsync(cancellationToken))
            {
                return error.Length == 0 ? 0 : throw new IOException($"the pod refused the connection: {Encoding.UTF8.GetString(error.ToArray()).Trim()}");
            }
        }
        var count = Math.Min(buffer.Length, left.Length);
        left[..count].CopyTo(buffer);
        left = left[count..];
        return count;
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        for (var rest = buffer; rest.Length > 0;)
        {
            var count = Math.Min(rest.Length, LargestMessage);
            var message = new byte[count + 1];
            message[0] = Data;
            rest[..count].CopyTo(message.AsMemory(1));
            await socket.SendAsync(message.AsMemory(), WebSocketMessageType.Binary, endOfMessage: true, cancellationToken);
            rest = rest[count..];
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("read asynchronously");

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("write asynchronously");

    public override void Flush()
    {
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            socket.Dispose();
            error.Dispose();
        }
        base.Dispose(disposing);
    }

    // False at the end. A message may come in several pieces; only the first has the channel.
    private async Task<bool> ReceiveAsync(CancellationToken cancellation)
    {
        ValueWebSocketReceiveResult received;
        try
        {
            received = await socket.ReceiveAsync(frame.AsMemory(), cancellation);
        }
        catch (WebSocketException e)
        {
            throw new IOException($"the connection to the pod broke: {e.Message}", e);
        }
        if (received.MessageType is WebSocketMessageType.Close)
        {
            return false;
        }
        var bytes = frame.AsMemory(0, received.Count);
        if (!isInMessage && bytes.Length > 0)
        {
            channel = bytes.Span[0];
            bytes = bytes[1..];
        }
        isInMessage = !received.EndOfMessage;
        Take(bytes);
        return true;
    }

    private void Take(ReadOnlyMemory<byte> bytes)
    {
        if (channel > Error)
        {
            return;
        }
        var header = Math.Min(headerLeft[channel], bytes.Length);
        headerLeft[channel] -= header;
        bytes = bytes[header..];
        if (channel == Error)
        {
            error.Write(bytes.Span);
        }
        else
        {
            left = bytes;
        }
    }
}
