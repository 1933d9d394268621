using System.IO.Compression;
using Microsoft.Net.Http.Headers;

namespace Provost.Stores.ClickHouse.Http;

/// <summary>The compression of an answer: what the client accepts, the fastest first.</summary>
internal static class ResponseCompression
{
    private static readonly string[] Offered = ["zstd", "gzip", "deflate", "br"];

    /// <returns>Null for none: also when only what we lack is accepted, since a client must always take plain.</returns>
    public static string? Choose(HttpRequest request)
    {
        var accepted = request.GetTypedHeaders().AcceptEncoding;
        return Offered.FirstOrDefault(name => accepted.Any(item => Accepts(item, name)));
    }

    public static Stream Wrap(Stream body, string? encoding) => encoding switch
    {
        "zstd" => new ZstdSharp.CompressionStream(body, level: 1, leaveOpen: true),
        "gzip" => new GZipStream(body, CompressionLevel.Fastest, leaveOpen: true),
        "deflate" => new ZLibStream(body, CompressionLevel.Fastest, leaveOpen: true),
        "br" => new BrotliStream(body, CompressionLevel.Fastest, leaveOpen: true),
        _ => body,
    };

    private static bool Accepts(StringWithQualityHeaderValue item, string name) =>
        item.Value.Equals(name, StringComparison.OrdinalIgnoreCase) && item.Quality is null or > 0;
}
