using System.Net.Sockets;
using System.Text.Json;

namespace Provost.Hosting.Listening;

/// <summary>Takes a listening socket from the process that holds it. The other half of <see cref="HandOverSocket"/> and <see cref="SocketHolder"/>.</summary>
internal static class HandOverClient
{
    private const int LongestOffer = 1024;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    /// <returns>The connection to the giver, to be kept open, and the descriptor of the socket of this name.</returns>
    public static (Socket Giver, int Descriptor) Take(string path, string name)
    {
        var giver = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            giver.Connect(new UnixDomainSocketEndPoint(path));
            giver.ReceiveTimeout = (int)Limit.TotalMilliseconds;
            return (giver, Receive(giver, name));
        }
        catch
        {
            giver.Dispose();
            throw;
        }
    }

    private static int Receive(Socket giver, string name)
    {
        Span<byte> payload = stackalloc byte[LongestOffer];
        var (length, descriptors) = DescriptorMessage.Receive(giver, payload);
        var offered = Names(payload[..length]);
        var wanted = offered.IndexOf(name);
        foreach (var (index, descriptor) in descriptors.Index())
        {
            if (index != wanted)
            {
                _ = Native.Close(descriptor);
            }
        }

        return wanted >= 0 && wanted < descriptors.Length ? descriptors[wanted]
            : throw new IOException($"its holder gives {(offered.Count == 0 ? "nothing" : string.Join(", ", offered))}");
    }

    private static List<string> Names(ReadOnlySpan<byte> offer)
    {
        try
        {
            return [.. JsonSerializer.Deserialize(offer, HandOverJson.Default.HandOverOffer)?.Sockets.Select(socket => socket.Name) ?? []];
        }
        catch (JsonException error)
        {
            throw new IOException($"its holder does not say what it gives: {error.Message}", error);
        }
    }
}
