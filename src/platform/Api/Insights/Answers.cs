using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Provost.Api.Accounts;
using Provost.Api.Courses;
using Provost.Api.Privacy;
using Provost.Api.State;
using Provost.Api.Telemetry;

namespace Provost.Api.Insights;

/// <summary>How one kind of answer is made.</summary>
/// <param name="Name">overview, items, ...: part of the key.</param>
/// <param name="Json">Writes it.</param>
/// <param name="BuildAsync">Makes it without names.</param>
/// <param name="Named">Puts the names in; null for answers without rows of students.</param>
internal sealed record View<T>(
    string Name, JsonTypeInfo<T> Json, Func<ComputedCourse, Task<T>> BuildAsync, Func<T, IReadOnlyDictionary<string, PersonName>, T>? Named = null);

/// <summary>
/// Answers as bytes. In memory with names, per scope and role; in Redis without names, for the other replicas. The key
/// contains the data version, so an answer is never stale, and a cached one costs the one round trip that found the version.
/// </summary>
internal sealed partial class Answers(InsightQueries queries, InsightCache cache, CachedInsights shared, NameState names, ApiMeters meters, ILogger<Answers> logger)
{
    private static readonly Dictionary<string, PersonName> Nobody = [];

    public Task<Answer> GetAsync<T>(Viewer viewer, string detail, View<T> view)
    {
        var (course, scope) = (viewer.OpenCourse, Scope.Of(viewer));
        var key = $"{view.Name}|{queries.Key(course, scope)}|{viewer.Role}|{viewer.FinishedStamp}|{course.Name}|{course.Sequence}|{detail}";
        return cache.GetAsync(course.Id, $"answer|{key}", async () =>
        {
            // The names come while the rest is computed.
            var naming = view.Named is null ? Task.FromResult(Nobody) : names.AllAsync(course.Id);
            var bare = await BareAsync(course, key, view, () => queries.ComputeAsync(course, scope, viewer.FinishedStamp));
            var full = view.Named is { } named ? named(bare, await naming) : bare;
            var answer = new Answer(JsonSerializer.SerializeToUtf8Bytes(full, view.Json), Secrets.Hash(key)[..32]);
            return (answer, answer.Json.Length * 5L / 4);
        });
    }

    private async Task<T> BareAsync<T>(CourseRecord course, string key, View<T> view, Func<Task<ComputedCourse>> compute)
    {
        var field = Secrets.Hash(key);
        if (cache.IsOn && await shared.FindAsync(course.Id, field) is { } known)
        {
            meters.CacheHit("redis");
            return JsonSerializer.Deserialize(Decompress(known), view.Json)!;
        }

        meters.CacheMiss("redis");
        var made = await view.BuildAsync(await compute());
        if (cache.IsOn)
            _ = Task.Run(() => ShareAsync(course, field, made, view.Json));
        return made;
    }

    // Nobody waits for the other replicas to have it: where the fence of a backup holds it back, or Redis is away, they compute it themselves.
    private async Task ShareAsync<T>(CourseRecord course, string field, T made, JsonTypeInfo<T> json)
    {
        try
        {
            await shared.KeepAsync(course, field, Brotli(JsonSerializer.SerializeToUtf8Bytes(made, json), quality: 1));
        }
        catch (Exception e)
        {
            // Whatever it was, nobody else will hear of it.
            LogUnshared(e.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "An answer was not shared with the other replicas: {What}")]
    private partial void LogUnshared(string what);

    internal static byte[] Brotli(ReadOnlySpan<byte> plain, int quality)
    {
        var packed = new byte[BrotliEncoder.GetMaxCompressedLength(plain.Length)];
        return BrotliEncoder.TryCompress(plain, packed, out var written, quality, window: 20)
            ? packed[..written]
            : throw new InvalidOperationException("Brotli needs more room than its own limit");
    }

    private static byte[] Decompress(byte[] packed)
    {
        using var brotli = new BrotliStream(new MemoryStream(packed), CompressionMode.Decompress);
        using var plain = new MemoryStream();
        brotli.CopyTo(plain);
        return plain.ToArray();
    }
}

/// <summary>An answer as it goes over the wire; packed once, for whoever accepts that.</summary>
internal sealed class Answer(byte[] json, string tag) : IResult
{
    private const int WorthPacking = 2048;
    private readonly Lazy<byte[]> packed = new(() => Answers.Brotli(json, quality: 4));

    public byte[] Json => json;

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var (request, response) = (httpContext.Request, httpContext.Response);
        response.Headers.ETag = $"W/\"{tag}\"";
        response.Headers.CacheControl = "private, no-cache";
        response.Headers.Vary = "Accept-Encoding, Cookie";
        if (request.Headers.IfNoneMatch.ToString().Contains(tag, StringComparison.Ordinal))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        var pack = json.Length >= WorthPacking && request.Headers.AcceptEncoding.ToString().Contains("br", StringComparison.Ordinal);
        if (pack)
            response.Headers.ContentEncoding = "br";
        var body = pack ? packed.Value : json;
        response.ContentType = "application/json; charset=utf-8";
        response.ContentLength = body.Length;
        await response.BodyWriter.WriteAsync(body, httpContext.RequestAborted);
    }
}
