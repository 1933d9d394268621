using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Provost.Harness;

/// <summary>
/// Ports that nobody has and nobody is given: below the range of outgoing connections and of servers that take any port, so that
/// no other test gets one between the question and the answer; and each only once in this process.
/// </summary>
public static class FreePort
{
    private static readonly ConcurrentDictionary<int, bool> Given = [];

    public static int Next()
    {
        while (true)
        {
            var port = RandomNumberGenerator.GetInt32(10_000, 28_000);
            using var listener = new TcpListener(IPAddress.Loopback, port);
            try
            {
                listener.Start();
            }
            catch (SocketException)
            {
                continue;
            }
            if (Given.TryAdd(port, true))
                return port;
        }
    }
}
