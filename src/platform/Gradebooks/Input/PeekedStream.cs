namespace Provost.Gradebooks.Input;

/// <summary>A stream whose first bytes were looked at: they are served again before the rest.</summary>
internal sealed class PeekedStream : Stream
{
    private readonly ReadOnlyMemory<byte> head;
    private readonly Stream rest;
    private int served;

    private PeekedStream(ReadOnlyMemory<byte> head, Stream rest) => (this.head, this.rest) = (head, rest);

    public static async Task<(ReadOnlyMemory<byte> Head, Stream Whole)> PeekAsync(Stream stream, int count, CancellationToken cancellation)
    {
        var buffer = new byte[count];
        var length = await stream.ReadAtLeastAsync(buffer, count, throwOnEndOfStream: false, cancellation);
        var head = buffer.AsMemory(0, length);
        return (head, new PeekedStream(head, stream));
    }

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (served == head.Length)
            return rest.ReadAsync(buffer, cancellationToken);
        return new ValueTask<int>(Serve(buffer.Span));
    }

    public override int Read(byte[] buffer, int offset, int count) =>
        served == head.Length ? rest.Read(buffer, offset, count) : Serve(buffer.AsSpan(offset, count));

    private int Serve(Span<byte> buffer)
    {
        var count = Math.Min(buffer.Length, head.Length - served);
        head.Span.Slice(served, count).CopyTo(buffer);
        served += count;
        return count;
    }

    public override void Flush() { }
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
