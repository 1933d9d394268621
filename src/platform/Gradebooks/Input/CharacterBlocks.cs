namespace Provost.Gradebooks.Input;

/// <summary>Reads a byte stream as blocks of characters, under the byte limit, reporting progress.</summary>
internal sealed class CharacterBlocks(Stream stream, string fileName, ReadLimits limits)
{
    private const int BlockBytes = 64 << 10;
    private readonly byte[] bytes = new byte[BlockBytes];
    private readonly char[] chars = new char[BlockBytes + 8];
    private TextDecoding? decoding;
    private bool ended;

    public long BytesRead { get; private set; }

    public TextDecoding Decoding => decoding ?? throw new InvalidOperationException("Nothing was read yet");

    /// <summary>The next characters; an empty block only at the end of the file.</summary>
    public async ValueTask<ReadOnlyMemory<char>> NextAsync(CancellationToken cancellation)
    {
        while (!ended)
        {
            cancellation.ThrowIfCancellationRequested();
            var count = await stream.ReadAsync(bytes, cancellation);
            if (decoding is null && count is > 0 and < 4096)
                count += await stream.ReadAtLeastAsync(bytes.AsMemory(count), 4096 - count, throwOnEndOfStream: false, cancellation);
            BytesRead += count;
            if (BytesRead > limits.MaxBytes)
                throw new GradebookError($"\"{Path.GetFileName(fileName)}\" holds more than {limits.MaxBytes >> 20:N0} MiB of text",
                    "A gradebook is far smaller: check that this is the right file.");
            ended = count == 0;
            decoding ??= TextDecoding.For(bytes.AsSpan(0, Math.Min(count, 4096)));
            var start = BytesRead == count ? decoding.MarkLength : 0;
            var length = decoding.Decode(bytes.AsSpan(Math.Min(start, count), Math.Max(0, count - start)), chars, ended);
            if (length > 0)
                return chars.AsMemory(0, length);
        }
        return default;
    }
}
