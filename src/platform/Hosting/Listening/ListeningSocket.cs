using System.Net;
using System.Net.Sockets;

namespace Provost.Hosting.Listening;

/// <summary>
/// A listening socket that is never shut down by us: other processes may hold it too. It stops being accepted from, and
/// the kernel closes it when the last holder has gone.
/// </summary>
internal sealed class ListeningSocket : EndPoint, IDisposable
{
    private const int Backlog = 1024;

    private readonly CancellationTokenSource paused = new();

    private ListeningSocket(string name, ListenAddress address, Socket socket, Socket? giver)
    {
        Name = name;
        Address = address;
        Socket = socket;
        Giver = giver;
    }

    /// <summary><c>http</c>, <c>admin</c> or <c>redirect</c>.</summary>
    public string Name { get; }

    public ListenAddress Address { get; }

    public Socket Socket { get; }

    /// <summary>The connection to the process that gave the socket: it stays open as long as that process lives.</summary>
    public Socket? Giver { get; }

    /// <summary>Cancelled when no more connections are accepted here.</summary>
    public CancellationToken Paused => paused.Token;

    public override AddressFamily AddressFamily => Socket.AddressFamily;

    public static ListeningSocket Open(string name, string setting)
    {
        var address = ListenAddress.Parse(setting) ?? throw new ListeningError($"\"{setting}\": {ListenAddress.Grammar}");
        try
        {
            if (address is ListenAddress.HandedOver handedOver)
            {
                var (giver, descriptor) = HandOverClient.Take(handedOver.Path, name);
                return new(name, address, Inherit(descriptor), giver);
            }
            return new(name, address, address switch
            {
                ListenAddress.Inherited inherited => Inherit(inherited.Descriptor),
                ListenAddress.Tcp tcp => Bind(new Socket(tcp.EndPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp), tcp.EndPoint),
                ListenAddress.Unix unix => BindUnix(unix.Path),
                _ => throw new InvalidOperationException(),
            }, null);
        }
        catch (Exception error) when (error is SocketException or IOException or UnauthorizedAccessException)
        {
            throw new ListeningError(
                $"PROVOST_Listen__{char.ToUpperInvariant(name[0])}{name[1..]} is \"{setting}\", which cannot be opened ({error.Message}): "
                + "stop what uses the address, or set another one", error);
        }
    }

    public void StopAccepting() => paused.Cancel();

    public void Dispose()
    {
        Giver?.Dispose();
        paused.Dispose();
    }

    public override string ToString() => Socket.LocalEndPoint switch
    {
        UnixDomainSocketEndPoint unix => $"unix:{unix}",
        var endPoint => endPoint?.ToString() ?? Address.ToString(),
    };

    private static Socket Inherit(int descriptor)
    {
        const int setDescriptorFlags = 2, closeOnExec = 1;
        // Programs that we start must not hold the socket open. Not owning it: nothing we do can shut it down.
        _ = Native.FileControl(descriptor, setDescriptorFlags, closeOnExec);
        var socket = new Socket(new SafeSocketHandle(descriptor, ownsHandle: false));
        socket.Listen(Backlog);
        return socket;
    }

    private static Socket BindUnix(string path)
    {
        var endPoint = new UnixDomainSocketEndPoint(path);
        using (var probe = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            if (File.Exists(path) && !Answers(probe, endPoint))
            {
                File.Delete(path); // Left behind by a process that was killed.
            }
        }

        return Bind(new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified), endPoint);
    }

    private static bool Answers(Socket probe, EndPoint endPoint)
    {
        try
        {
            probe.Connect(endPoint);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static Socket Bind(Socket socket, EndPoint endPoint)
    {
        try
        {
            socket.Bind(endPoint);
            socket.Listen(Backlog);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
