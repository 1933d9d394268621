using System.Net.Sockets;

namespace Provost.Runbooks.Operator;

/// <summary>Replicas of which any serves: the first one that takes a connection gets it.</summary>
internal static class FirstOf
{
    public static async ValueTask<Stream> ConnectAsync(IReadOnlyList<Uri> replicas, CancellationToken cancellation)
    {
        SocketException? last = null;
        foreach (var replica in replicas)
        {
            var connection = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await connection.ConnectAsync(replica.Host, replica.Port, cancellation);
                return new NetworkStream(connection, ownsSocket: true);
            }
            catch (SocketException e)
            {
                connection.Dispose();
                last = e;
            }
        }
        throw last!;
    }
}
