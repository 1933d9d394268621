using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Provost.Hosting.Listening;

/// <summary>Descriptors beside bytes on a unix socket: SCM_RIGHTS of unix(7).</summary>
internal static unsafe class DescriptorMessage
{
    private const int SocketLevel = 1, Rights = 1, NoSignal = 0x4000, CloseOnExec = 0x40000000;
    private const int MostDescriptors = 8;

    public static void Send(Socket socket, ReadOnlySpan<byte> payload, ReadOnlySpan<int> descriptors)
    {
        var headerSize = sizeof(Native.ControlHeader);
        var dataSize = descriptors.Length * sizeof(int);
        Span<byte> control = stackalloc byte[headerSize + ((dataSize + 7) & ~7)];
        control.Clear();
        MemoryMarshal.Write(control, new Native.ControlHeader
        {
            Length = (nuint)(headerSize + dataSize),
            Level = SocketLevel,
            Type = Rights,
        });
        MemoryMarshal.AsBytes(descriptors).CopyTo(control[headerSize..]);
        fixed (byte* bytes = payload, controlBytes = control)
        {
            var vector = new Native.IoVector { Base = bytes, Length = (nuint)payload.Length };
            var message = new Native.MessageHeader
            {
                Vectors = &vector,
                VectorCount = 1,
                Control = controlBytes,
                ControlLength = (nuint)control.Length,
            };
            if (Native.SendMessage((int)socket.Handle, &message, NoSignal) < 0)
            {
                throw new SocketException(Marshal.GetLastPInvokeError());
            }
        }
    }

    /// <summary>Waits for one message.</summary>
    /// <returns>How many bytes were written to <paramref name="payload"/>, and the descriptors, which the caller owns from now on.</returns>
    public static (int Length, int[] Descriptors) Receive(Socket socket, Span<byte> payload)
    {
        var headerSize = sizeof(Native.ControlHeader);
        Span<byte> control = stackalloc byte[headerSize + (MostDescriptors * sizeof(int))];
        fixed (byte* bytes = payload, controlBytes = control)
        {
            var vector = new Native.IoVector { Base = bytes, Length = (nuint)payload.Length };
            var message = new Native.MessageHeader { Vectors = &vector, VectorCount = 1, Control = controlBytes, ControlLength = (nuint)control.Length };
            var length = Native.ReceiveMessage((int)socket.Handle, &message, CloseOnExec);
            if (length < 0)
            {
                throw new SocketException(Marshal.GetLastPInvokeError());
            }
            if (length == 0 || message.ControlLength < (nuint)headerSize)
            {
                return ((int)length, []);
            }
            var header = MemoryMarshal.Read<Native.ControlHeader>(control);
            return header is { Level: SocketLevel, Type: Rights }
                ? ((int)length, MemoryMarshal.Cast<byte, int>(control[headerSize..(int)header.Length]).ToArray()) : ((int)length, []);
        }
    }
}

/// <summary>Who is at the other end of a unix socket: SO_PEERCRED of unix(7).</summary>
internal static class PeerCredentials
{
    private const int SocketLevel = 1, PeerCredential = 17;

    public static uint UserOf(Socket socket)
    {
        Span<int> credentials = stackalloc int[3]; // pid, uid, gid
        var length = credentials.Length * sizeof(int);
        return Native.SocketOption((int)socket.Handle, SocketLevel, PeerCredential, credentials, ref length) == 0
            ? (uint)credentials[1]
            : throw new SocketException(Marshal.GetLastPInvokeError());
    }
}
