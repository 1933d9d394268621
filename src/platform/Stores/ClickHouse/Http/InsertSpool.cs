using System.Buffers;
using Provost.Stores.ClickHouse.Engine;

namespace Provost.Stores.ClickHouse.Http;

/// <summary>
/// The data of an INSERT, complete before the engine sees the first byte: a client that goes away in the middle leaves
/// nothing behind. Small data stay in memory; larger go to a file without a name in the data directory.
/// </summary>
internal sealed class InsertSpool : IDisposable
{
    private const int InMemory = 1024 * 1024;
    private const int Chunk = 1024 * 1024;

    private readonly MemoryStream memory = new();
    private FileStream? file;

    public long Length => file?.Length ?? memory.Length;

    public static async Task<InsertSpool> ReadAsync(
        QueryText text, string directory, int maxMegabytes, QueryErrors errors, CancellationToken cancellation)
    {
        var spool = new InsertSpool();
        try
        {
            await spool.WriteAsync(text.Bytes.AsMemory(text.Statement.DataStart), directory, cancellation);
            if (!text.Complete)
            {
                await spool.CopyAsync(text.Rest, directory, maxMegabytes, errors, cancellation);
            }

            return spool;
        }
        catch (Exception error)
        {
            spool.Dispose();
            throw error is InvalidDataException or ZstdSharp.ZstdException
                ? errors.CannotDecompress($"The body is not what its Content-Encoding says: {error.Message}")
                : error;
        }
    }

    /// <summary>Gives the data to the engine, on the caller's thread.</summary>
    public void Feed(InsertStream insert)
    {
        if (file is null)
        {
            insert.Append(memory.GetBuffer().AsSpan(0, (int)memory.Length));
            return;
        }

        file.Position = 0;
        var buffer = ArrayPool<byte>.Shared.Rent(Chunk);
        try
        {
            for (var count = file.Read(buffer); count > 0; count = file.Read(buffer))
            {
                if (!insert.Append(buffer.AsSpan(0, count)))
                {
                    return;
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    public void Dispose()
    {
        memory.Dispose();
        file?.Dispose();
    }

    private async Task CopyAsync(Stream body, string directory, int maxMegabytes, QueryErrors errors, CancellationToken cancellation)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(Chunk / 4);
        try
        {
            for (var count = await body.ReadAsync(buffer, cancellation); count > 0; count = await body.ReadAsync(buffer, cancellation))
            {
                await WriteAsync(buffer.AsMemory(0, count), directory, cancellation);
                if (Length > maxMegabytes * 1024L * 1024)
                {
                    throw errors.TooLarge(maxMegabytes);
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private async Task WriteAsync(ReadOnlyMemory<byte> bytes, string directory, CancellationToken cancellation)
    {
        if (file is null && memory.Length + bytes.Length <= InMemory)
        {
            memory.Write(bytes.Span);
            return;
        }

        if (file is null)
        {
            var path = Path.Combine(directory, Guid.NewGuid().ToString("N"));
            file = new FileStream(path, new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.ReadWrite,
                Share = FileShare.None,
                BufferSize = 0,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            });
            // Without a name it is gone with the process, whatever ends that.
            File.Delete(path);
            memory.WriteTo(file);
            memory.SetLength(0);
            memory.Capacity = 0;
        }

        await file.WriteAsync(bytes, cancellation);
    }
}
