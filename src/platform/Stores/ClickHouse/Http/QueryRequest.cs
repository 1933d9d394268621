using System.Collections.Frozen;
using Provost.Stores.ClickHouse.Sql;

namespace Provost.Stores.ClickHouse.Http;

/// <summary>What a request says beside the text of the query and its data.</summary>
internal sealed record QueryRequest(string Query, string QueryId, string Database, string Format)
{
    private const string ParameterPrefix = "param_";

    /// <summary>Words of the interface that are no settings of the engine.</summary>
    private static readonly FrozenSet<string> Words = FrozenSet.ToFrozenSet(
    [
        "query", "user", "password", "quota_key", "stacktrace", "role", "query_id", "session_id", "session_timeout", "session_check",
        "close_session", "database", "default_format", "compress", "decompress", "buffer_size", "wait_end_of_query",
        "client_protocol_version", "enable_http_compression", "http_zlib_compression_level",
    ]);

    public IReadOnlyList<KeyValuePair<string, string>> Settings { get; private init; } = [];

    public IReadOnlyList<KeyValuePair<string, string>> Parameters { get; private init; } = [];

    public SessionRequest? Session { get; private init; }

    /// <summary>As the server: GET may only read.</summary>
    public bool ReadOnly { get; init; }

    /// <summary>The whole result before the first byte, so that a late error still has its own status.</summary>
    public bool WaitForEnd { get; private init; }

    public bool CompressResponse { get; private init; }

    public static async Task<QueryRequest> ReadAsync(HttpRequest request, QueryErrors errors)
    {
        List<KeyValuePair<string, string>> all = [.. request.Query.Select(pair => KeyValuePair.Create(pair.Key, pair.Value.ToString()))];
        if (RequestBody.IsForm(request))
        {
            var form = await request.ReadFormAsync(request.HttpContext.RequestAborted);
            all.AddRange(form.Select(pair => KeyValuePair.Create(pair.Key, pair.Value.ToString())));
            if (form.Files.Count > 0)
            {
                throw errors.NotImplemented("External tables in a form are not supported by the embedded store: use a temporary table in a session");
            }
        }

        var words = all.Where(pair => Words.Contains(pair.Key)).DistinctBy(pair => pair.Key).ToDictionary();
        Refuse(words, errors);
        return new QueryRequest(
            words.GetValueOrDefault("query", ""),
            words.GetValueOrDefault("query_id") is { Length: > 0 } id ? id : Guid.NewGuid().ToString(),
            First(words.GetValueOrDefault("database"), request.Headers["X-ClickHouse-Database"]),
            First(words.GetValueOrDefault("default_format"), request.Headers["X-ClickHouse-Format"]))
        {
            Settings = [.. all.Where(pair => !Words.Contains(pair.Key) && !pair.Key.StartsWith(ParameterPrefix, StringComparison.Ordinal))
                .Select(pair => Checked(pair, errors))],
            Parameters = [.. all.Where(pair => pair.Key.StartsWith(ParameterPrefix, StringComparison.Ordinal))
                .Select(pair => KeyValuePair.Create(pair.Key[ParameterPrefix.Length..], pair.Value))],
            Session = SessionRequest.From(words, errors),
            ReadOnly = HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method),
            WaitForEnd = IsOn(words, "wait_end_of_query"),
            CompressResponse = IsOn(words, "enable_http_compression"),
        };
    }

    internal static bool IsOn(Dictionary<string, string> words, string name) =>
        words.TryGetValue(name, out var value) && value is "1" or "true" or "True";

    private static string First(string? word, string? header) => word is { Length: > 0 } ? word : header ?? "";

    private static void Refuse(Dictionary<string, string> words, QueryErrors errors)
    {
        if (IsOn(words, "compress") || IsOn(words, "decompress"))
        {
            throw errors.NotImplemented("compress=1 and decompress=1 (ClickHouse's own block format) are not supported by the embedded store: use Accept-Encoding with enable_http_compression=1, and Content-Encoding");
        }

        if (words.ContainsKey("role"))
        {
            throw errors.NotImplemented("Roles are not supported by the embedded store: leave the parameter role out");
        }
    }

    private static KeyValuePair<string, string> Checked(KeyValuePair<string, string> setting, QueryErrors errors)
    {
        if (Guard.RefusesSetting(setting.Key))
        {
            throw errors.Refused($"The setting {setting.Key}");
        }

        return setting.Key.Length > 0 && setting.Key.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '_')
            ? setting
            : throw errors.BadArgument($"\"{setting.Key}\" in the URL is neither a parameter of this interface nor the name of a setting");
    }
}
