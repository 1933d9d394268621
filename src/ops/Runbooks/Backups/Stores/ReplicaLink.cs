using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Provost.Runbooks.Backups.Stores;

/// <summary>A connection that Redis takes for that of a replica which wants a snapshot and nothing after it.</summary>
internal sealed class ReplicaLink : IDisposable
{
    private const int MarkLength = 40;
    private const int LongestLine = 1024;

    private readonly TcpClient client;
    private readonly RedisAddress address;

    private ReplicaLink(TcpClient client, RedisAddress address) => (this.client, this.address) = (client, address);

    private NetworkStream Stream => client.GetStream();

    /// <param name="direct">Whether the server may send what its child writes as it writes it, without a file of its own.</param>
    public static async Task<ReplicaLink> OpenAsync(RedisAddress address, bool direct, CancellationToken cancellation)
    {
        var client = new TcpClient { NoDelay = true };
        try
        {
            await client.ConnectAsync(address.Host, address.Port, cancellation);
            var link = new ReplicaLink(client, address);
            await link.AskAsync(address.User is { } user ? ["AUTH", user, address.Password] : ["AUTH", address.Password], cancellation);
            if (direct)
            {
                await link.AskAsync(["REPLCONF", "capa", "eof"], cancellation);
            }
            await link.AskAsync(["REPLCONF", "capa", "psync2"], cancellation);
            // Since 7.0: the server need not keep what is written meanwhile. An older one says so and keeps it.
            await link.SendAsync(["REPLCONF", "rdb-only", "1"], cancellation);
            await link.LineAsync(cancellation);
            return link;
        }
        catch (SocketException e)
        {
            client.Dispose();
            throw new OperationError(ErrorKind.NotReady, $"Redis does not answer at {address}: {e.Message}", "look at it with: provost status", cause: e);
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    /// <summary>Asks for a snapshot and returns when the server has forked for it.</summary>
    /// <returns>The place in the server's stream of changes that the snapshot stands for.</returns>
    public async Task<string> BeginAsync(CancellationToken cancellation)
    {
        await SendAsync(["PSYNC", "?", "-1"], cancellation);
        return (await LineAsync(cancellation)).Split(' ') is ["+FULLRESYNC", _, var offset] ? offset : throw Refused("PSYNC", "another answer than FULLRESYNC");
    }

    /// <summary>The snapshot, whole or an error.</summary>
    public async Task CopyAsync(Stream file, CancellationToken cancellation)
    {
        var head = await LineAsync(cancellation);
        if (head.StartsWith("$EOF:", StringComparison.Ordinal) && head.Length == 5 + MarkLength)
        {
            await CopyUntilAsync(Encoding.ASCII.GetBytes(head[5..]), file, cancellation);
        }
        else if (head.StartsWith('$') && long.TryParse(head.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out var length))
        {
            await CopyAsync(length, file, cancellation);
        }
        else
        {
            throw Refused("PSYNC", head);
        }
    }

    public void Dispose() => client.Dispose();

    private async Task CopyAsync(long length, Stream file, CancellationToken cancellation)
    {
        var buffer = new byte[1 << 16];
        for (var left = length; left > 0;)
        {
            var count = await Stream.ReadAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, left)), cancellation);
            if (count == 0)
            {
                throw Broken();
            }
            await file.WriteAsync(buffer.AsMemory(0, count), cancellation);
            left -= count;
        }
    }

    // The length is not known before: the mark ends it, and the last bytes are held back until they are known not to be it.
    private async Task CopyUntilAsync(byte[] mark, Stream file, CancellationToken cancellation)
    {
        var buffer = new byte[1 << 16];
        var held = 0;
        while (held < MarkLength || !buffer.AsSpan(held - MarkLength, MarkLength).SequenceEqual(mark))
        {
            var ready = Math.Max(0, held - MarkLength);
            await file.WriteAsync(buffer.AsMemory(0, ready), cancellation);
            buffer.AsSpan(ready, held - ready).CopyTo(buffer);
            held -= ready;
            var count = await Stream.ReadAsync(buffer.AsMemory(held), cancellation);
            if (count == 0)
            {
                throw Broken();
            }
            held += count;
        }
        await file.WriteAsync(buffer.AsMemory(0, held - MarkLength), cancellation);
    }

    private async Task AskAsync(string[] words, CancellationToken cancellation)
    {
        await SendAsync(words, cancellation);
        if (await LineAsync(cancellation) is var answer && answer != "+OK")
        {
            throw Refused(words[0], answer);
        }
    }

    private async Task SendAsync(string[] words, CancellationToken cancellation) =>
        await Stream.WriteAsync(Encoding.UTF8.GetBytes(RespRequest.Of(words)), cancellation);

    // Byte by byte: what follows a line may be the snapshot already. Empty lines keep the connection alive meanwhile.
    private async Task<string> LineAsync(CancellationToken cancellation)
    {
        var line = new StringBuilder();
        var one = new byte[1];
        while (line.Length < LongestLine)
        {
            if (await Stream.ReadAsync(one, cancellation) == 0)
            {
                throw Broken();
            }
            switch ((char)one[0])
            {
                case '\r':
                    break;
                case '\n' when line.Length == 0:
                    break;
                case '\n':
                    return line.ToString();
                case var letter:
                    line.Append(letter);
                    break;
            }
        }
        throw Refused("PSYNC", "an endless line");
    }

    private OperationError Refused(string word, string answer) => new(
        ErrorKind.Failed, $"Redis at {address} answered {word} with {answer}", "the operator's user of Redis must have the rights of a replica: +psync +replconf +config +info");

    private OperationError Broken() => new(ErrorKind.Failed, $"Redis at {address} ended the connection before its snapshot was complete", "provost logs redis shows why; then run the backup again");
}
