using System.Text;
using Provost.Stores.ClickHouse.Sql;

namespace Provost.Stores.ClickHouse.Http;

/// <summary>
/// The text of a query, from the URL and the beginning of the body, and where its data begin. Only as much of the body is
/// read as a query may be long; the rest stays in <see cref="Rest"/>.
/// </summary>
internal sealed record QueryText(byte[] Bytes, bool Complete, Stream Rest, Statement Statement, List<Token> Tokens)
{
    /// <summary>The server's max_query_size.</summary>
    private const int DefaultLimit = 262_144;

    public static async Task<QueryText> ReadAsync(QueryRequest request, Stream body, QueryErrors errors, CancellationToken cancellation)
    {
        var limit = request.Settings.LastOrDefault(setting => setting.Key == "max_query_size").Value is { } asked
            && int.TryParse(asked, out var given) && given is > 0 and <= 64 * 1024 * 1024 ? given : DefaultLimit;
        var fromUrl = request.Query.Length == 0 ? [] : Encoding.UTF8.GetBytes(request.Query);
        var (bytes, complete) = await ReadBeginningAsync(fromUrl, body, limit, errors, cancellation);
        var (statement, tokens) = Parse(bytes);
        if (statement.Kind != StatementKind.Insert && !complete)
        {
            throw errors.Syntax($"Max query size exceeded: the query is longer than {limit} bytes. It can be increased with the `max_query_size` setting");
        }

        return new QueryText(bytes, complete, body, statement, tokens);
    }

    internal static (Statement Statement, List<Token> Tokens) Parse(ReadOnlySpan<byte> sql)
    {
        var tokens = InsertHead(sql);
        if (tokens is not null && Statement.Read(sql, tokens) is { Kind: StatementKind.Insert } insert)
        {
            return (insert, tokens);
        }

        tokens = Lexer.All(sql);
        return (Statement.Read(sql, tokens), tokens);
    }

    /// <summary>The tokens of an INSERT up to its data, which may be binary and are not for the lexer.</summary>
    private static List<Token>? InsertHead(ReadOnlySpan<byte> sql)
    {
        var tokens = new List<Token>();
        var lexer = new Lexer(sql);
        while (lexer.Next() is { } token)
        {
            tokens.Add(token);
            if (!tokens[0].Is("INSERT"))
            {
                return null;
            }

            var formatted = tokens.Count > 1 && tokens[^2].Is("FORMAT") && token.IsIdentifier;
            if ((formatted || token.Is("VALUES")) && Statement.Read(sql, tokens).Kind == StatementKind.Insert)
            {
                return tokens;
            }
        }

        return tokens;
    }

    private static async Task<(byte[] Bytes, bool Complete)> ReadBeginningAsync(
        byte[] fromUrl, Stream body, int limit, QueryErrors errors, CancellationToken cancellation)
    {
        var buffer = new byte[fromUrl.Length + 1 + 8192];
        fromUrl.CopyTo(buffer, 0);
        var length = fromUrl.Length;
        try
        {
            while (true)
            {
                var separator = length == fromUrl.Length && length > 0 ? 1 : 0;
                var count = await body.ReadAsync(buffer.AsMemory(length + separator), cancellation);
                if (count == 0)
                {
                    return (buffer[..length], true);
                }

                // Between the two parts the server puts a line break.
                buffer[length] = separator == 1 ? (byte)'\n' : buffer[length];
                length += count + separator;
                if (length > limit)
                {
                    return (buffer[..length], false);
                }

                if (length + 1024 > buffer.Length)
                {
                    Array.Resize(ref buffer, Math.Min(buffer.Length * 2, Math.Max(limit, length) + 8192));
                }
            }
        }
        catch (Exception error) when (error is InvalidDataException or ZstdSharp.ZstdException)
        {
            throw errors.CannotDecompress($"The body is not what its Content-Encoding says: {error.Message}");
        }
    }
}
