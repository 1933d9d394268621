using System.Net.Sockets;
using System.Text;

namespace Provost.Gateway.Forwarding;

/// <summary>
/// A connection to a replica counts only when somebody behind it answers. The agent keeps a replica's listening socket open while
/// the replica itself is started anew: connections to it succeed, and then nothing comes for seconds. Asked once for each new
/// connection, before anything of a request is sent: so the request, also one that changes something, can go to another replica.
/// </summary>
internal static class AnsweredConnection
{
    /// <summary>How long a request waits for a connection to be answered; where there is no other replica, it waits with patience.</summary>
    public static readonly HttpRequestOptionsKey<TimeSpan> Patience = new("Provost.Patience");

    public static readonly TimeSpan WhenThereAreOthers = TimeSpan.FromMilliseconds(250);

    private static readonly TimeSpan Otherwise = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(2);
    private static readonly byte[] Question = Encoding.ASCII.GetBytes("HEAD /health/live HTTP/1.1\r\nHost: replica\r\nAccept: */*\r\n\r\n");
    private const int LongestAnswer = 4096;

    public static async ValueTask<Stream> OpenAsync(SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        var others = context.InitialRequestMessage.Options.TryGetValue(Patience, out var patience);
        try
        {
            return await OpenAsync(context, others ? patience : Otherwise, ask: true, cancellation);
        }
        catch (ReplicaLeaves) when (!others)
        {
            // Behind one address are perhaps several replicas (a Service of a cluster), and one that leaves serves until its drain ends.
            return await OpenAsync(context, Otherwise, ask: false, cancellation);
        }
    }

    private static async ValueTask<Stream> OpenAsync(SocketsHttpConnectionContext context, TimeSpan patience, bool ask, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(ConnectLimit);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(context.DnsEndPoint, limit.Token);
            var stream = new NetworkStream(socket, ownsSocket: true);
            limit.CancelAfter(patience);
            if (ask)
            {
                await stream.WriteAsync(Question, limit.Token);
                await RequireAnswerAsync(socket, stream, limit.Token, cancellation);
            }

            return stream;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            socket.Dispose();
            throw new IOException($"{context.DnsEndPoint} takes connections and does not answer");
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static async Task RequireAnswerAsync(Socket socket, NetworkStream stream, CancellationToken limit, CancellationToken cancellation)
    {
        try
        {
            await RequireAnswerAsync(stream, limit);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested && socket.Available > 0)
        {
            // It was this process that was short of time, not the replica: its answer lies there.
            await RequireAnswerAsync(stream, cancellation);
        }
    }

    // The answer to HEAD is a head alone. Whoever answers is alive; but one that says it closes will not take our request.
    private static async Task RequireAnswerAsync(NetworkStream stream, CancellationToken cancellation)
    {
        var buffer = new byte[LongestAnswer];
        for (var length = 0; length < buffer.Length;)
        {
            var read = await stream.ReadAsync(buffer.AsMemory(length), cancellation);
            if (read == 0)
            {
                throw new IOException("the replica closed the connection without an answer");
            }

            length += read;
            var head = Encoding.ASCII.GetString(buffer, 0, length);
            if (head.EndsWith("\r\n\r\n", StringComparison.Ordinal))
            {
                if (head.Contains("\r\nConnection: close\r\n", StringComparison.OrdinalIgnoreCase))
                {
                    throw new ReplicaLeaves();
                }

                return;
            }
        }

        throw new IOException("the replica's answer is none");
    }

    private sealed class ReplicaLeaves() : IOException("the replica closes its connections: it is leaving");
}
