using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Xml.Linq;
using Provost.S3Server;

// A small server that speaks S3: PUT, GET, DELETE and LIST of one bucket, with signatures checked, and faults to order.
// Provost.S3Server PORT BUCKET ACCESSKEY SECRETKEY; POST /-/faults/KIND/COUNT orders, GET /-/faults tells how many struck.
var (port, bucket, access, secret) = (args[0], args[1], args[2], args[3]);
var builder = WebApplication.CreateSlimBuilder();
builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = 64 << 20);
builder.Logging.ClearProviders();
await using var app = builder.Build();
var objects = new ConcurrentDictionary<string, (byte[] Content, DateTime At)>();
var faults = new Faults();

app.MapPost("/-/faults/{kind}/{count:int}", (string kind, int count) => faults.Order(kind, count));
app.MapGet("/-/faults", () => faults.Struck);
app.Map("/{**path}", async (HttpContext context) =>
{
    var request = context.Request;
    if (faults.Strikes("timeout"))
    {
        await Task.Delay(TimeSpan.FromSeconds(30), context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return;
    }
    if (request.Method == "PUT" && faults.Strikes("truncated-upload"))
    {
        await request.Body.ReadAtLeastAsync(new byte[1], 1, throwOnEndOfStream: false);
        context.Abort();
        return;
    }
    using var read = new MemoryStream();
    await request.Body.CopyToAsync(read);
    var body = read.ToArray();
    if (Signature.Refuses(request, body, access, secret) is { } code)
    {
        await RefuseAsync(context, 403, code);
        return;
    }
    if (faults.Strikes("500"))
    {
        await RefuseAsync(context, 500, "InternalError");
        return;
    }
    if (!request.Path.StartsWithSegments($"/{bucket}", out var rest))
    {
        await RefuseAsync(context, 404, "NoSuchBucket");
        return;
    }
    var key = rest.Value!.TrimStart('/');
    await (request.Method switch
    {
        "PUT" => PutAsync(context, key, body),
        "GET" when key.Length == 0 => ListAsync(context),
        "GET" => GetAsync(context, key),
        "DELETE" => DeleteAsync(context, key),
        _ => RefuseAsync(context, 405, "MethodNotAllowed"),
    });
});
await app.RunAsync();

async Task PutAsync(HttpContext context, string key, byte[] body)
{
    var tag = Tag(body);
    if (context.Request.Headers.TryGetValue("Content-MD5", out var sent) && sent != Convert.ToBase64String(Convert.FromHexString(tag)))
    {
        await RefuseAsync(context, 400, "BadDigest");
        return;
    }
    if (context.Request.Headers.IfNoneMatch == "*" && !objects.TryAdd(key, (body, DateTime.UnixEpoch)))
    {
        await RefuseAsync(context, 412, "PreconditionFailed");
        return;
    }
    var wrong = faults.Strikes("wrong-etag");
    objects[key] = (wrong ? body[..(body.Length / 2)] : body, TimeProvider.System.GetUtcNow().UtcDateTime);
    context.Response.Headers.ETag = $"\"{Tag(objects[key].Content)}\"";
}

async Task GetAsync(HttpContext context, string key)
{
    if (!objects.TryGetValue(key, out var found))
    {
        await RefuseAsync(context, 404, "NoSuchKey");
        return;
    }
    context.Response.ContentLength = found.Content.Length;
    context.Response.Headers.ETag = $"\"{Tag(found.Content)}\"";
    context.Response.Headers.LastModified = found.At.ToString("R", CultureInfo.InvariantCulture);
    if (faults.Strikes("truncated-download"))
    {
        await context.Response.Body.WriteAsync(found.Content.AsMemory(0, found.Content.Length / 2));
        await context.Response.Body.FlushAsync();
        context.Abort();
        return;
    }
    await context.Response.Body.WriteAsync(found.Content);
}

Task DeleteAsync(HttpContext context, string key)
{
    objects.TryRemove(key, out _);
    context.Response.StatusCode = 204;
    return Task.CompletedTask;
}

// Pages of 100, so that whoever lists must ask for the next.
async Task ListAsync(HttpContext context)
{
    var (prefix, after) = (context.Request.Query["prefix"].ToString(), context.Request.Query["continuation-token"].ToString());
    var keys = objects.Keys.Where(k => k.StartsWith(prefix, StringComparison.Ordinal) && string.CompareOrdinal(k, after) > 0).Order(StringComparer.Ordinal).Take(101).ToList();
    XNamespace s3 = "http://s3.amazonaws.com/doc/2006-03-01/";
    var page = keys.Take(100).ToList();
    var answer = new XElement(
        s3 + "ListBucketResult", new XElement(s3 + "Name", bucket), new XElement(s3 + "Prefix", prefix), new XElement(s3 + "KeyCount", page.Count),
        new XElement(s3 + "IsTruncated", keys.Count > 100 ? "true" : "false"), keys.Count > 100 ? new XElement(s3 + "NextContinuationToken", page[^1]) : null,
        page.Select(k => new XElement(
            s3 + "Contents", new XElement(s3 + "Key", k), new XElement(s3 + "Size", objects[k].Content.Length),
            new XElement(s3 + "LastModified", objects[k].At.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture)), new XElement(s3 + "ETag", $"\"{Tag(objects[k].Content)}\""))));
    context.Response.ContentType = "application/xml";
    await context.Response.WriteAsync(answer.ToString());
}

static Task RefuseAsync(HttpContext context, int status, string code)
{
    context.Response.StatusCode = status;
    context.Response.ContentType = "application/xml";
    return context.Response.WriteAsync(new XElement("Error", new XElement("Code", code), new XElement("Message", code)).ToString());
}

#pragma warning disable CA5351 // The protocol's tag.
static string Tag(byte[] content) => Convert.ToHexStringLower(MD5.HashData(content));
#pragma warning restore CA5351
