using System.Net;
using System.Net.Sockets;
using Provost.Rendering.Process;
using Provost.Runbooks;

namespace Provost.Agent.Sockets;

/// <summary>The listening sockets of a site, by name. They stay open when a replica ends: connections wait for its successor.</summary>
internal sealed class ListeningSockets : IDisposable
{
    private const int SolSocket = 1;
    private const int ReuseAddress = 2;
    private const int Backlog = 1024;

    private readonly Dictionary<string, Socket> sockets = [];

    public int Descriptor(string name) => (int)sockets[name].Handle;

    /// <summary>Where a socket listens; empty while there is none of that name.</summary>
    public string Address(string name) => sockets.TryGetValue(name, out var socket) ? $"{socket.LocalEndPoint}" : "";

    public bool Has(SocketSpec spec) => sockets.TryGetValue(spec.Name, out var socket) && Serves(socket, spec);

    /// <summary>Takes a descriptor that a service handed over, if it is a wanted socket that nobody gave yet; closes it otherwise.</summary>
    /// <returns>Whether it is a wanted one at all: another is of an address that the site has left.</returns>
    public bool Take(int descriptor, IReadOnlyList<SocketSpec> wanted)
    {
        var socket = new Socket(new SafeSocketHandle(descriptor, ownsHandle: true));
        var serving = wanted.Where(w => Serves(socket, w)).ToList();
        if (serving.Find(w => !sockets.ContainsKey(w.Name)) is { } spec)
        {
            sockets[spec.Name] = socket;
        }
        else
        {
            socket.Dispose();
        }
        return serving.Count > 0;
    }

    public void Open(SocketSpec spec)
    {
        var address = IPAddress.Parse(spec.Address);
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            // Without it a restart waits for connections in TIME_WAIT. Not SO_REUSEPORT, which .NET would add: two agents must not share a port.
            socket.SetRawSocketOption(SolSocket, ReuseAddress, BitConverter.GetBytes(1));
            if (address.Equals(IPAddress.IPv6Any))
            {
                socket.DualMode = true;
            }
            socket.Bind(new IPEndPoint(address, spec.Port));
            socket.Listen(Backlog);
        }
        catch (SocketException e)
        {
            socket.Dispose();
            throw Refused(spec, e);
        }
        if (sockets.Remove(spec.Name, out var old))
        {
            old.Dispose();
        }
        sockets[spec.Name] = socket;
    }

    public void KeepOnly(IEnumerable<string> names)
    {
        foreach (var name in sockets.Keys.Except(names).ToList())
        {
            sockets[name].Dispose();
            sockets.Remove(name);
        }
    }

    public void Dispose() => KeepOnly([]);

    private static bool Serves(Socket socket, SocketSpec spec) =>
        socket.LocalEndPoint is IPEndPoint local && local.Port == spec.Port && local.Address.Equals(IPAddress.Parse(spec.Address));

    private static OperationError Refused(SocketSpec spec, SocketException e) => e.SocketErrorCode switch
    {
        SocketError.AddressAlreadyInUse => new OperationError(
            ErrorKind.Machine, $"port {spec.Port} of {spec.Address} is taken by another program ({spec.Name})",
            $"find it with: ss -ltnp 'sport = :{spec.Port}'; stop it, or set another port in provost.yaml", cause: e),
        SocketError.AccessDenied => new OperationError(
            ErrorKind.Machine, $"port {spec.Port} may not be opened by this user ({spec.Name})",
            "set a port from 1024 in provost.yaml, or allow it: sysctl net.ipv4.ip_unprivileged_port_start=" + spec.Port, cause: e),
        _ => new OperationError(
            ErrorKind.Machine, $"{spec.Address}:{spec.Port} cannot be listened on: {e.Message} ({spec.Name})", "set an address of this machine in provost.yaml", cause: e),
    };
}
