using System.Buffers.Binary;

namespace Provost.Hosting.Draining;

/// <summary>Follows the frames of RFC 6455 in a stream of bytes, to know where one ends and another may be put in.</summary>
internal struct FrameTracker
{
    private HeaderBytes header;
    private int headerLength;
    private ulong payloadLeft;

    /// <summary>Whether nothing of a frame is outstanding: a control frame may follow here (RFC 6455, 5.4 and 5.5).</summary>
    public readonly bool AtBoundary => headerLength == 0 && payloadLeft == 0;

    /// <summary>Whether the sender has closed the conversation itself: nothing may follow.</summary>
    public bool SawClose { get; private set; }

    /// <summary>Takes bytes that were sent, up to the first frame boundary after them; returns how many it took.</summary>
    public int TakeToBoundary(ReadOnlySpan<byte> bytes)
    {
        var taken = 0;
        while (taken < bytes.Length)
        {
            if (payloadLeft > 0)
            {
                var step = (int)Math.Min(payloadLeft, (ulong)(bytes.Length - taken));
                payloadLeft -= (ulong)step;
                taken += step;
            }
            else
            {
                header[headerLength++] = bytes[taken++];
                if (headerLength >= 2 && headerLength == HeaderSize(header[1]))
                {
                    payloadLeft = PayloadLength(header);
                    SawClose |= (header[0] & 0x0F) == 0x8;
                    headerLength = 0;
                }
            }

            if (AtBoundary)
            {
                break;
            }
        }

        return taken;
    }

    private static int HeaderSize(byte second) =>
        2 + ((second & 0x7F) switch { 126 => 2, 127 => 8, _ => 0 }) + ((second & 0x80) != 0 ? 4 : 0);

    private static ulong PayloadLength(ReadOnlySpan<byte> header) => (header[1] & 0x7F) switch
    {
        126 => BinaryPrimitives.ReadUInt16BigEndian(header[2..]),
        127 => BinaryPrimitives.ReadUInt64BigEndian(header[2..]),
        var small => (ulong)small,
    };

    [System.Runtime.CompilerServices.InlineArray(14)]
    private struct HeaderBytes
    {
        private byte first;
    }
}
