using Microsoft.Net.Http.Headers;

namespace Provost.WebHost.Bundles;

/// <summary>A file of the bundle with its compressed variants.</summary>
internal sealed record BundleFile(string ContentType, bool Immutable, string? ContentSecurityPolicy, Variant Plain, Variant? Brotli, Variant? Gzip);

/// <summary>One encoding of a file.</summary>
internal sealed record Variant(string PhysicalPath, DateTimeOffset Modified, EntityTagHeaderValue ETag);
