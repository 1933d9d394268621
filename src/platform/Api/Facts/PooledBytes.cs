using System.Buffers;

namespace Provost.Api.Facts;

/// <summary>
/// A stream's whole content in an array that is lent: answers of a megabyte that were made anew each time would have all of the
/// memory collected over and over.
/// </summary>
internal sealed class PooledBytes : IDisposable
{
    private byte[] array = ArrayPool<byte>.Shared.Rent(1 << 16);
    private int length;

    private PooledBytes()
    {
    }

    public ReadOnlySpan<byte> Span => array.AsSpan(0, length);

    public static async Task<PooledBytes> ReadAsync(Stream stream, CancellationToken cancellation)
    {
        var bytes = new PooledBytes();
        try
        {
            int read;
            while ((read = await stream.ReadAsync(bytes.Free(), cancellation)) > 0)
                bytes.length += read;
            return bytes;
        }
        catch
        {
            bytes.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        if (array.Length > 0)
            ArrayPool<byte>.Shared.Return(array);
        (array, length) = ([], 0);
    }

    private Memory<byte> Free()
    {
        if (length == array.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(2 * length);
            Span.CopyTo(larger);
            ArrayPool<byte>.Shared.Return(array);
            array = larger;
        }

        return array.AsMemory(length);
    }
}
