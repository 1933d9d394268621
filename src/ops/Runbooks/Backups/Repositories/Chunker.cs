namespace Provost.Runbooks.Backups.Repositories;

/// <summary>
/// Cuts a stream where its content says so (a rolling hash over the last 64 bytes), so that a change in the middle of a
/// large file changes one chunk and moves none. The table of the hash is secret: cuts betray nothing about the content.
/// </summary>
internal sealed class Chunker(ulong[] gear)
{
    public const int Largest = 4 << 20;

    private const int Smallest = 256 << 10;
    private const ulong Mask = 0xFFFFF00000000000; // 20 bits: a cut every MiB on average

    /// <summary>Every chunk of the stream in order; the buffer is used again for the next one.</summary>
    public IEnumerable<ReadOnlyMemory<byte>> Cut(Stream stream)
    {
        var buffer = new byte[Largest];
        var filled = 0;
        while (true)
        {
            filled += stream.ReadAtLeast(buffer.AsSpan(filled), buffer.Length - filled, throwOnEndOfStream: false);
            if (filled == 0)
            {
                yield break;
            }
            var length = Next(buffer.AsSpan(0, filled));
            yield return buffer.AsMemory(0, length);
            buffer.AsSpan(length, filled - length).CopyTo(buffer);
            filled -= length;
        }
    }

    private int Next(ReadOnlySpan<byte> data)
    {
        if (data.Length <= Smallest)
        {
            return data.Length;
        }
        var hash = 0UL;
        for (var i = Smallest - 64; i < data.Length; i++)
        {
            hash = (hash << 1) + gear[data[i]];
            if (i >= Smallest && (hash & Mask) == 0)
            {
                return i + 1;
            }
        }
        return data.Length;
    }
}
