using System.Net.Sockets;
using System.Runtime.InteropServices;
using Provost.Runbooks.Tools;

namespace Provost.Agent.Sockets;

/// <summary>Receives the listening sockets of a running service (SCM_RIGHTS) by its hand-over socket.</summary>
internal static unsafe class HandOver
{
    private const int SolSocket = 1;
    private const int ScmRights = 1;
    private const int MostDescriptors = 16;
    private const int CloseOnExecFlag = 0x40000000;
    private const int HeaderSize = 16; // cmsghdr on 64-bit Linux: size_t length, int level, int type
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(3);

    /// <summary>Empty when nobody answers: then the sockets are made anew.</summary>
    public static IReadOnlyList<int> Receive(string path)
    {
        try
        {
            using var connection = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            connection.Connect(new UnixDomainSocketEndPoint(path));
            connection.ReceiveTimeout = (int)Limit.TotalMilliseconds;
            return Receive((int)connection.Handle);
        }
        catch (SocketException)
        {
            return [];
        }
    }

    private static List<int> Receive(int socket)
    {
        var payload = stackalloc byte[256];
        var control = stackalloc byte[HeaderSize + (MostDescriptors * sizeof(int))];
        var vector = new Native.IoVector { Base = payload, Length = 256 };
        var message = new Native.MessageHeader { Vectors = &vector, VectorCount = 1, Control = control, ControlLength = HeaderSize + (MostDescriptors * sizeof(int)) };
        List<int> descriptors = [];
        if (Native.ReceiveMessage(socket, &message, CloseOnExecFlag) <= 0 || message.ControlLength < HeaderSize)
        {
            return descriptors;
        }
        var length = (int)*(nuint*)control;
        var (level, type) = (((int*)control)[2], ((int*)control)[3]);
        if (level == SolSocket && type == ScmRights)
        {
            descriptors.AddRange(MemoryMarshal.Cast<byte, int>(new Span<byte>(control + HeaderSize, length - HeaderSize)));
        }
        return descriptors;
    }
}
