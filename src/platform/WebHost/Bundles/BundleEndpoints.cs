using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Provost.WebHost.Bundles;

/// <summary>GET and HEAD of everything in the bundle.</summary>
internal static class BundleEndpoints
{
    private const string Forever = "public, max-age=31536000, immutable";

    public static void MapBundle(this WebApplication app) => app.MapMethods("/{**path}", [HttpMethods.Get, HttpMethods.Head], Serve);

    private static async Task<IResult> Serve(HttpContext context, Bundle bundle, PeerBundles peers)
    {
        if (bundle.Find(context.Request.Path.Value ?? "/") is not { } file)
        {
            if (await peers.TryAnswerAsync(context))
            {
                return Results.Empty;
            }

            // Not to be remembered: the next release may have it.
            context.Response.Headers.CacheControl = "no-store";
            return Results.NotFound();
        }

        var headers = context.Response.Headers;
        headers.CacheControl = file.Immutable ? Forever : "no-cache";
        headers.Vary = HeaderNames.AcceptEncoding;
        if (file.ContentSecurityPolicy is { } policy)
        {
            headers.ContentSecurityPolicy = policy;
        }

        var (variant, encoding) = Negotiate(context.Request, file);
        if (encoding is not null)
        {
            headers.ContentEncoding = encoding;
        }

        return Results.File(
            variant.PhysicalPath, file.ContentType, lastModified: variant.Modified, entityTag: variant.ETag, enableRangeProcessing: encoding is null);
    }

    private static (Variant Variant, string? Encoding) Negotiate(HttpRequest request, BundleFile file)
    {
        // A part of a file is a part of the plain one.
        if (request.Headers.Range.Count > 0)
        {
            return (file.Plain, null);
        }

        if (file.Brotli is { } brotli && Accepts(request.Headers.AcceptEncoding, "br"))
        {
            return (brotli, "br");
        }

        return file.Gzip is { } gzip && Accepts(request.Headers.AcceptEncoding, "gzip") ? (gzip, "gzip") : (file.Plain, null);
    }

    private static bool Accepts(StringValues accepted, string encoding) =>
        StringWithQualityHeaderValue.TryParseList(accepted, out var values)
        && values.Any(value => value.Value.Equals(encoding, StringComparison.OrdinalIgnoreCase) && value.Quality is not 0);
}
