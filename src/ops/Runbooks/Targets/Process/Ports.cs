using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text.Json;

namespace Provost.Runbooks.Targets.Process;

/// <summary>Loopback ports of a site, chosen once and kept, so that a restart finds everybody where they were.</summary>
public static class Ports
{
    // Below the range that systems take for outgoing connections: a port from that range may be gone before its service starts.
    private const int Lowest = 15_000;
    private const int Highest = 32_000;
    private const int Tries = 1_000;

    /// <param name="isRunning">Whether the site runs: then its own services hold the ports, and they stay.</param>
    public static IReadOnlyDictionary<string, int> Choose(StateDirectory state, IReadOnlyList<string> names, bool isRunning)
    {
        var remembered = Remembered(state);
        var chosen = new Dictionary<string, int>();
        List<TcpListener> held = [];
        try
        {
            foreach (var name in names)
            {
                if (remembered.TryGetValue(name, out var port) && (isRunning || Hold(port, held)))
                {
                    chosen[name] = port;
                }
                else
                {
                    chosen[name] = HoldAny(held);
                }
            }
        }
        finally
        {
            held.ForEach(listener => listener.Dispose());
        }
        return chosen;
    }

    public static string Write(IReadOnlyDictionary<string, int> ports) =>
        JsonSerializer.Serialize(new Dictionary<string, int>(ports), AgentJson.Default.DictionaryStringInt32);

    /// <summary>Every port that the site ever chose, also of replicas that do not run now.</summary>
    public static IReadOnlyDictionary<string, int> Remembered(StateDirectory state)
    {
        try
        {
            return File.Exists(state.Ports) && JsonSerializer.Deserialize(File.ReadAllBytes(state.Ports), AgentJson.Default.DictionaryStringInt32) is { } known ? known : new Dictionary<string, int>();
        }
        catch (JsonException)
        {
            return new Dictionary<string, int>();
        }
    }

    /// <summary>Why a public port cannot be opened; null when it can.</summary>
    public static SocketError? Probe(string address, int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Parse(address), port);
            listener.Start();
            return null;
        }
        catch (SocketException e)
        {
            return e.SocketErrorCode;
        }
    }

    private static int HoldAny(List<TcpListener> held)
    {
        for (var attempt = 0; attempt < Tries; attempt++)
        {
            var port = RandomNumberGenerator.GetInt32(Lowest, Highest);
            if (Hold(port, held))
            {
                return port;
            }
        }
        throw new OperationError(
            ErrorKind.Machine, $"no free port was found between {Lowest} and {Highest} on 127.0.0.1", "see who holds them with: ss -ltn; stop what is not needed");
    }

    // Held until all are chosen, so that no two names get the same port.
    private static bool Hold(int port, List<TcpListener> held)
    {
        var listener = new TcpListener(IPAddress.Loopback, port);
        try
        {
            listener.Start();
            held.Add(listener);
            return true;
        }
        catch (SocketException)
        {
            listener.Dispose();
            return false;
        }
    }
}
