using System.Net;
using System.Net.Http.Json;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Provost.Web.Transport;

/// <summary>
/// Every call to the Api goes through here: antiforgery header, readable problems, one retry of reads that the network lost.
/// The features' clients on top know the paths.
/// </summary>
internal sealed class ApiConnection(HttpClient http)
{
    private const string AntiforgeryHeader = "X-Provost-Antiforgery";

    /// <summary>From the session; the session client keeps it fresh.</summary>
    public string? AntiforgeryToken { get; set; }

    /// <summary>The server said 401: whoever was signed in no longer is.</summary>
    public event Action? SignedOut;

    public async Task<T> GetAsync<T>(string path, JsonTypeInfo<T> reader, CancellationToken cancel = default)
    {
        using var response = await SendOrRetryAsync(path, cancel);
        return await ReadAsync(response, reader, cancel);
    }

    public async Task<T> SendAsync<T>(HttpMethod method, string path, HttpContent? body, JsonTypeInfo<T> reader, CancellationToken cancel = default)
    {
        using var response = await SendAsync(method, path, body, accept: null, cancel);
        return await ReadAsync(response, reader, cancel);
    }

    public async Task SendAsync(HttpMethod method, string path, HttpContent? body, CancellationToken cancel = default)
    {
        using var response = await SendAsync(method, path, body, accept: null, cancel);
    }

    /// <summary>Newline-delimited JSON, line by line as it arrives.</summary>
    public async IAsyncEnumerable<T> StreamAsync<T>(
        HttpMethod method, string path, HttpContent? body, JsonTypeInfo<T> reader, [EnumeratorCancellation] CancellationToken cancel = default)
    {
        using var response = await SendAsync(method, path, body, "application/x-ndjson", cancel);
        await using var stream = await response.Content.ReadAsStreamAsync(cancel);
        using var lines = new StreamReader(stream);
        while (await NextLineAsync(lines, cancel) is { } line)
        {
            if (line.Length > 0) yield return JsonSerializer.Deserialize(line, reader) ?? throw ApiProblem.Unreachable();
        }
    }

    public static HttpContent Json<T>(T value, JsonTypeInfo<T> writer) => JsonContent.Create(value, writer);

    private async Task<HttpResponseMessage> SendOrRetryAsync(string path, CancellationToken cancel)
    {
        try
        {
            return await SendAsync(HttpMethod.Get, path, body: null, accept: null, cancel);
        }
        catch (ApiProblem problem) when (IsPassing(problem.Status))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(300), cancel);
            return await SendAsync(HttpMethod.Get, path, body: null, accept: null, cancel);
        }
    }

    private static bool IsPassing(HttpStatusCode? status) =>
        status is null or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout;

    private async Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string path, HttpContent? body, string? accept, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body };
        if (accept is not null) request.Headers.Accept.ParseAdd(accept);
        if (method != HttpMethod.Get && AntiforgeryToken is { Length: > 0 } token) request.Headers.Add(AntiforgeryHeader, token);

        HttpResponseMessage response;
        try
        {
            response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel);
        }
        catch (HttpRequestException)
        {
            throw ApiProblem.Unreachable();
        }

        if (response.IsSuccessStatusCode) return response;
        using (response) throw await ProblemAsync(response, path, cancel);
    }

    private async Task<ApiProblem> ProblemAsync(HttpResponseMessage response, string path, CancellationToken cancel)
    {
        var body = await ReadProblemAsync(response, cancel);
        // A wrong password is a 401 too, and nobody was signed in then.
        if (response.StatusCode == HttpStatusCode.Unauthorized && !path.StartsWith("api/session", StringComparison.Ordinal)) SignedOut?.Invoke();
        return ApiProblem.From(response.StatusCode, body);
    }

    private static async Task<ProblemBody?> ReadProblemAsync(HttpResponseMessage response, CancellationToken cancel)
    {
        try
        {
            return await response.Content.ReadFromJsonAsync(WireJson.Default.ProblemBody, cancel);
        }
        catch (Exception error) when (error is JsonException or HttpRequestException or InvalidOperationException)
        {
            return null;
        }
    }

    private static async Task<T> ReadAsync<T>(HttpResponseMessage response, JsonTypeInfo<T> reader, CancellationToken cancel)
    {
        try
        {
            return await response.Content.ReadFromJsonAsync(reader, cancel) ?? throw Unreadable(response.StatusCode);
        }
        catch (JsonException)
        {
            throw Unreadable(response.StatusCode);
        }
        catch (HttpRequestException)
        {
            throw ApiProblem.Unreachable();
        }
    }

    private static ApiProblem Unreadable(HttpStatusCode status) => new(
        status, "The server's answer could not be read", "A newer release may be running. Reload the page.");

    private static async Task<string?> NextLineAsync(StreamReader lines, CancellationToken cancel)
    {
        try
        {
            return await lines.ReadLineAsync(cancel);
        }
        catch (Exception error) when (error is HttpRequestException or IOException)
        {
            throw ApiProblem.Unreachable();
        }
    }
}
