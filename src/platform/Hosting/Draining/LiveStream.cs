namespace Provost.Hosting.Draining;

/// <summary>
/// The bytes under a WebSocket, as the server sends them. It can end the conversation with a close frame (1012, service
/// restart) between two frames of whoever is writing; what is written after that is dropped, and the client resumes elsewhere.
/// </summary>
internal sealed class LiveStream(Stream inner) : Stream
{
    private static readonly byte[] CloseForRestart = [0x88, 0x02, 0x03, 0xF4];

    private readonly SemaphoreSlim turn = new(1);
    private FrameTracker sent;
    private bool closeAsked;
    private bool closed;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <summary>Sends the close frame now, or right after the frame that is being written.</summary>
    public async Task CloseForRestartAsync()
    {
        try
        {
            await turn.WaitAsync();
            try
            {
                closeAsked = true;
                await CloseAtBoundaryAsync(CancellationToken.None);
                await inner.FlushAsync(CancellationToken.None);
            }
            finally
            {
                turn.Release();
            }
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException or InvalidOperationException or OperationCanceledException)
        {
            // The client has left by itself.
        }
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await turn.WaitAsync(cancellationToken);
        try
        {
            if (!closeAsked && !closed)
            {
                for (var taken = 0; taken < buffer.Length;)
                {
                    taken += sent.TakeToBoundary(buffer.Span[taken..]);
                }

                await inner.WriteAsync(buffer, cancellationToken);
                return;
            }

            while (!closed && !sent.SawClose && !buffer.IsEmpty)
            {
                var taken = sent.TakeToBoundary(buffer.Span);
                await inner.WriteAsync(buffer[..taken], cancellationToken);
                buffer = buffer[taken..];
                await CloseAtBoundaryAsync(cancellationToken);
            }
        }
        finally
        {
            turn.Release();
        }
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        inner.ReadAsync(buffer, cancellationToken);

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        inner.ReadAsync(buffer, offset, count, cancellationToken);

    public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

    public override void Flush() => inner.Flush();

    public override int Read(byte[] buffer, int offset, int count) => inner.Read(buffer, offset, count);

    public override void Write(byte[] buffer, int offset, int count) => WriteAsync(buffer, offset, count, default).GetAwaiter().GetResult();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override async ValueTask DisposeAsync()
    {
        await inner.DisposeAsync();
        await base.DisposeAsync();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
            turn.Dispose();
        }

        base.Dispose(disposing);
    }

    private async Task CloseAtBoundaryAsync(CancellationToken cancellationToken)
    {
        if (closeAsked && !closed && !sent.SawClose && sent.AtBoundary)
        {
            closed = true;
            await inner.WriteAsync(CloseForRestart, cancellationToken);
        }
    }
}
