using System.IO.Compression;

namespace Provost.Stores.ClickHouse.Http;

/// <summary>The body of a request, decompressed by its Content-Encoding.</summary>
internal static class RequestBody
{
    /// <summary>Parameters in a form. Not the url-encoded one: that is what curl calls any body.</summary>
    public static bool IsForm(HttpRequest request) =>
        request.ContentType?.StartsWith("multipart/form-data", StringComparison.OrdinalIgnoreCase) == true;

    public static Stream Open(HttpRequest request, QueryErrors errors)
    {
        var body = IsForm(request) ? Stream.Null : request.Body;
        return request.Headers.ContentEncoding.ToString().ToLowerInvariant() switch
        {
            "" or "identity" => body,
            "gzip" or "x-gzip" => new GZipStream(body, CompressionMode.Decompress),
            // What HTTP calls deflate is zlib; ClickHouse means the same.
            "deflate" => new ZLibStream(body, CompressionMode.Decompress),
            "br" => new BrotliStream(body, CompressionMode.Decompress),
            "zstd" => new ZstdSharp.DecompressionStream(body, leaveOpen: true),
            var other => throw errors.NotImplemented($"Content-Encoding {other} is not supported by the embedded store: use gzip, deflate, br or zstd"),
        };
    }
}
