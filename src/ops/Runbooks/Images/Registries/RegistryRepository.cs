using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Provost.Runbooks.Images.Archives;

namespace Provost.Runbooks.Images.Registries;

/// <summary>One repository of a registry, by the OCI distribution protocol. Everything read is checked against its digest.</summary>
public sealed partial class RegistryRepository(RegistryConnection connection, string name)
{
    private static readonly string[] ManifestTypes =
        [OciLayout.ManifestType, OciLayout.IndexType, "application/vnd.docker.distribution.manifest.v2+json", "application/vnd.docker.distribution.manifest.list.v2+json"];

    private string Path(string rest) => $"v2/{name}/{rest}";

    /// <summary>The digest that a tag means now; null when there is no such tag.</summary>
    public async Task<string?> ResolveAsync(string tag, CancellationToken cancellation)
    {
        using var response = await connection.SendAsync(() => Accepting(HttpMethod.Head, tag), cancellation);
        return response.StatusCode is HttpStatusCode.NotFound ? null
            : response.Headers.TryGetValues("Docker-Content-Digest", out var values) ? values.First()
            : OciLayout.Digest((await ManifestAsync(tag, cancellation))!);
    }

    /// <summary>The bytes of a manifest; null when there is none.</summary>
    public async Task<byte[]?> ManifestAsync(string reference, CancellationToken cancellation)
    {
        using var response = await connection.SendAsync(() => Accepting(HttpMethod.Get, reference), cancellation);
        if (response.StatusCode is HttpStatusCode.NotFound)
        {
            return null;
        }
        var bytes = await response.Content.ReadAsByteArrayAsync(cancellation);
        return !reference.StartsWith("sha256:", StringComparison.Ordinal) || OciLayout.Digest(bytes) == reference ? bytes : throw Mismatch(reference, OciLayout.Digest(bytes));
    }

    public async Task<bool> HasBlobAsync(string digest, CancellationToken cancellation)
    {
        using var response = await connection.SendAsync(() => new(HttpMethod.Head, Path($"blobs/{digest}")), cancellation);
        return response.StatusCode is not HttpStatusCode.NotFound;
    }

    public async Task PushBlobAsync(string digest, Func<Stream> open, CancellationToken cancellation)
    {
        if (await HasBlobAsync(digest, cancellation))
        {
            return;
        }
        using var started = await connection.SendAsync(() => new(HttpMethod.Post, Path("blobs/uploads/")), cancellation);
        var location = started.Headers.Location ?? throw Missing("blobs/uploads");
        var own = connection.Own(location).AbsoluteUri;
        var target = $"{own}{(own.Contains('?', StringComparison.Ordinal) ? '&' : '?')}digest={Uri.EscapeDataString(digest)}";
        using var finished = await connection.SendAsync(
            () => new(HttpMethod.Put, target)
            {
                Content = new StreamContent(open(), 1 << 20) { Headers = { ContentType = new MediaTypeHeaderValue("application/octet-stream") } },
            },
            cancellation);
        if (!finished.IsSuccessStatusCode)
        {
            throw Missing("blobs/uploads");
        }
    }

    public async Task PushManifestAsync(string reference, byte[] manifest, string type, CancellationToken cancellation)
    {
        using var response = await connection.SendAsync(
            () => new(HttpMethod.Put, Path($"manifests/{reference}")) { Content = new ByteArrayContent(manifest) { Headers = { ContentType = new MediaTypeHeaderValue(type) } } },
            cancellation);
        if (!response.IsSuccessStatusCode)
        {
            throw Missing($"manifests/{reference}");
        }
    }

    public async Task DeleteManifestAsync(string digest, CancellationToken cancellation)
    {
        using var response = await connection.SendAsync(() => new(HttpMethod.Delete, Path($"manifests/{digest}")), cancellation);
    }

    public async Task<IReadOnlyList<string>> TagsAsync(CancellationToken cancellation)
    {
        List<string> tags = [];
        for (var page = Path("tags/list?n=200"); page is not null;)
        {
            var address = page;
            using var response = await connection.SendAsync(() => new(HttpMethod.Get, address), cancellation);
            if (response.StatusCode is HttpStatusCode.NotFound)
            {
                break;
            }
            var json = JsonNode.Parse(await response.Content.ReadAsStringAsync(cancellation));
            tags.AddRange((json?["tags"]?.AsArray() ?? []).Select(tag => (string)tag!));
            page = response.Headers.TryGetValues("Link", out var links) && NextPage().Match(links.First()) is { Success: true } next ? next.Groups[1].Value : null;
        }
        return tags;
    }

    private HttpRequestMessage Accepting(HttpMethod method, string reference)
    {
        var request = new HttpRequestMessage(method, Path($"manifests/{reference}"));
        foreach (var type in ManifestTypes)
        {
            request.Headers.Accept.ParseAdd(type);
        }
        return request;
    }

    private OperationError Mismatch(string expected, string actual) => new(
        ErrorKind.Refused,
        $"{name}: the registry serves other bytes than {expected} names (they are {actual})",
        "do not deploy from it: its storage is damaged or was tampered with; push the image again from a build you trust");

    private OperationError Missing(string what) => new(ErrorKind.Failed, $"{name}: the registry has no {what}", "check that the address is that of an OCI registry");

    [GeneratedRegex("""<([^>]+)>\s*;\s*rel="?next""")]
    private static partial Regex NextPage();
}
