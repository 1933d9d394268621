using Provost.Api.Facts;

namespace Provost.Api.Tests.Facts;

public class PooledBytesTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1 << 16)]
    [InlineData(1_000_003)]
    public async Task A_whole_stream_is_held_whatever_its_length(int length)
    {
        var content = new byte[length];
        new Random(length).NextBytes(content);
        using var bytes = await PooledBytes.ReadAsync(new Trickle(content), TestContext.Current.CancellationToken);
        Assert.Equal(content, bytes.Span.ToArray());
    }

    [Fact]
    public async Task What_was_given_back_is_empty()
    {
        var bytes = await PooledBytes.ReadAsync(new MemoryStream([1, 2, 3]), TestContext.Current.CancellationToken);
        bytes.Dispose();
        bytes.Dispose();
        Assert.True(bytes.Span.IsEmpty);
    }

    /// <summary>Gives as much as a network does: never all at once.</summary>
    private sealed class Trickle(byte[] content) : MemoryStream(content)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(buffer.Length, 4_099)], cancellationToken);
    }
}
