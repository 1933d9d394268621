using System.Security.Cryptography;
using System.Text;
using Provost.Stores.ClickHouse.Engine;

namespace Provost.Stores.ClickHouse.Http;

/// <summary>The answer to a query: ClickHouse's headers, then the rows. Headers wait for the first bytes, so that an early error has its status.</summary>
internal sealed class QueryResponse(HttpContext context, QueryRequest request, string format, string timeZone) : IAsyncDisposable
{
    private readonly string tag = RandomNumberGenerator.GetString("abcdefghijklmnopqrstuvwxyz", 16);
    private Stream? body;

    public bool HasBegun => body is not null;

    public static void Describe(HttpResponse response, string queryId, string timeZone)
    {
        response.Headers["X-ClickHouse-Query-Id"] = queryId;
        response.Headers["X-ClickHouse-Timezone"] = timeZone;
        response.Headers["X-ClickHouse-Server-Display-Name"] = "provost-embedded";
    }

    /// <summary>Sends the headers; the body may follow in any number of writes.</summary>
    public void Begin(QuerySummary summary, long? length = null)
    {
        var response = context.Response;
        var encoding = request.CompressResponse && length != 0 ? ResponseCompression.Choose(context.Request) : null;
        Describe(response, request.QueryId, timeZone);
        response.ContentType = ContentTypeOf(format);
        response.Headers["X-ClickHouse-Format"] = format;
        response.Headers["X-ClickHouse-Exception-Tag"] = tag;
        response.Headers["X-ClickHouse-Summary"] = summary.ToJson();
        if (encoding is not null)
        {
            response.Headers.ContentEncoding = encoding;
        }
        else
        {
            response.ContentLength = length;
        }

        body = ResponseCompression.Wrap(response.Body, encoding);
    }

    public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation) => body!.WriteAsync(bytes, cancellation);

    /// <summary>
    /// An error after the status was sent: told at the end of the body under the tag of the headers, then the connection is
    /// cut, so that a client that knows no tags does not take half a result for a whole one. As the server does it.
    /// </summary>
    public async Task FailAsync(EngineError error, TimeProvider time)
    {
        var text = Encoding.UTF8.GetBytes(error.Text + "\n");
        await body!.WriteAsync(Encoding.UTF8.GetBytes($"\r\n__exception__\r\n{tag}\r\n"));
        await body.WriteAsync(text);
        await body.WriteAsync(Encoding.UTF8.GetBytes($"{text.Length} {tag}\r\n__exception__\r\n"));
        await DisposeAsync();
        await context.Response.Body.FlushAsync();
        await UnsentBytes.GoneAsync(context, time);
        context.Abort();
    }

    public async ValueTask DisposeAsync()
    {
        if (body is not null && body != context.Response.Body)
        {
            await body.DisposeAsync();
            body = context.Response.Body;
        }
    }

    private static string ContentTypeOf(string format) => format switch
    {
        "JSON" or "JSONCompact" or "JSONStrings" or "JSONCompactStrings" or "JSONColumns" or "JSONColumnsWithMetadata" or "JSONObjectEachRow"
            => "application/json; charset=UTF-8",
        "JSONEachRow" or "JSONLines" or "NDJSON" or "JSONStringsEachRow" => "application/x-ndjson; charset=UTF-8",
        "CSV" => "text/csv; charset=UTF-8; header=absent",
        "CSVWithNames" or "CSVWithNamesAndTypes" => "text/csv; charset=UTF-8; header=present",
        "XML" => "application/xml; charset=UTF-8",
        "Null" or "Vertical" or "Values" or "Pretty" or "PrettyCompact" or "Markdown" => "text/plain; charset=UTF-8",
        _ when format.StartsWith("TabSeparated", StringComparison.Ordinal) || format.StartsWith("TSV", StringComparison.Ordinal)
            => "text/tab-separated-values; charset=UTF-8",
        _ => "application/octet-stream",
    };
}
