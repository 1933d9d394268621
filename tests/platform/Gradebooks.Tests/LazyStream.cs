namespace Provost.Gradebooks.Tests;

/// <summary>Bytes made as they are read, and a count of how many were asked for: a file of any size that takes no room.</summary>
internal sealed class LazyStream(long length, Func<long, byte> byteAt) : Stream
{
    public long Served { get; private set; }

    public override int Read(byte[] buffer, int offset, int count) => Fill(buffer.AsSpan(offset, count));

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => new(Fill(buffer.Span));

    private int Fill(Span<byte> buffer)
    {
        var count = (int)Math.Min(buffer.Length, length - Served);
        for (var i = 0; i < count; i++)
            buffer[i] = byteAt(Served + i);
        Served += count;
        return count;
    }

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }
    public override void Flush() { }
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
