using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Provost.Stores.Redis;

/// <summary>The few commands that the service itself sends to its own port, over the Redis protocol: one at a time, simple answers.</summary>
internal sealed class RespClient : IDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);

    private readonly TcpClient tcp;
    private readonly Stream stream;

    private RespClient(TcpClient tcp)
    {
        this.tcp = tcp;
        stream = new BufferedStream(tcp.GetStream());
    }

    public static RespClient Connect(RedisOptions options)
    {
        var address = options.Address is "0.0.0.0" or "::" ? "127.0.0.1" : options.Address;
        var client = new RespClient(new TcpClient(address, options.Port)
        {
            NoDelay = true,
            ReceiveTimeout = (int)Timeout.TotalMilliseconds,
        });
        client.Send("AUTH", options.Password.Reveal());
        return client;
    }

    /// <returns>The answer as text; null for nil.</returns>
    /// <exception cref="StoreError">The server answered with an error.</exception>
    public string? Send(params string[] words)
    {
        Write(words);
        var line = Line();
        return line[0] switch
        {
            '+' or ':' => line[1..],
            '$' when line == "$-1" => null,
            '$' => Bulk(Number(line)),
            // Never with its arguments: one of them may be the password.
            _ => throw new StoreError($"The embedded Redis answered {words[0]} with {line}"),
        };
    }

    /// <summary>The length of the longest key, in bytes.</summary>
    public int LongestKey()
    {
        var longest = 0;
        var cursor = "0";
        do
        {
            Write("SCAN", cursor, "COUNT", "1000");
            Line();
            cursor = Bulk(Number(Line()));
            for (var left = Number(Line()); left > 0; left--)
            {
                var length = Number(Line());
                Bulk(length);
                longest = Math.Max(longest, length);
            }
        }
        while (cursor != "0");

        return longest;
    }

    public void Dispose()
    {
        stream.Dispose();
        tcp.Dispose();
    }

    /// <summary>The number in :5, $5 or *5.</summary>
    private static int Number(string line) => int.Parse(line.AsSpan(1), CultureInfo.InvariantCulture);

    private void Write(params string[] words)
    {
        var command = new StringBuilder().Append(CultureInfo.InvariantCulture, $"*{words.Length}\r\n");
        foreach (var word in words)
        {
            command.Append(CultureInfo.InvariantCulture, $"${Encoding.UTF8.GetByteCount(word)}\r\n{word}\r\n");
        }

        stream.Write(Encoding.UTF8.GetBytes(command.ToString()));
        stream.Flush();
    }

    private string Line()
    {
        var text = new StringBuilder();
        for (var next = stream.ReadByte(); next != '\r'; next = stream.ReadByte())
        {
            text.Append(next < 0 ? throw new StoreError("The embedded Redis closed the connection") : (char)next);
        }

        stream.ReadByte();
        return text.Length == 0 ? throw new StoreError("The embedded Redis gave an empty answer") : text.ToString();
    }

    private string Bulk(int length)
    {
        var bytes = new byte[length + 2];
        stream.ReadExactly(bytes);
        return Encoding.UTF8.GetString(bytes, 0, length);
    }
}
