using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using Provost.Rendering.Process;

namespace Provost.Agent.Supervision;

/// <param name="Answer">What was answered, in one line; null when it is ready.</param>
internal readonly record struct ProbeResult(bool Ready, bool Live, string? Answer);

/// <summary>Asks replicas whether they are ready, and when they are not, whether they are alive.</summary>
/// <param name="timeout">The present one: it may change while the agent runs.</param>
/// <param name="adminToken">What opens the services' admin listeners; null where there is none.</param>
internal sealed class Prober(Func<TimeSpan> timeout, Func<string?> adminToken) : IDisposable
{
    private const int LongestAnswer = 2000;

    private readonly HttpClient http = new(new SocketsHttpHandler { UseProxy = false, UseCookies = false, AllowAutoRedirect = false })
    {
        Timeout = Timeout.InfiniteTimeSpan,
        DefaultRequestHeaders = { ConnectionClose = true },
    };

    public Task<ProbeResult> ProbeAsync(ProbeTarget target, CancellationToken cancellation) => target switch
    {
        ProbeTarget.Http web => HttpAsync(web, cancellation),
        ProbeTarget.Redis redis => RedisAsync(redis, cancellation),
        _ => throw new InvalidOperationException($"no probe for {target}"),
    };

    /// <summary>Asks a service by its admin listener to stop accepting and to drain; false when it does not answer so.</summary>
    public async Task<bool> AskToHandOverAsync(int port, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(timeout());
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri($"http://127.0.0.1:{port}/drain?handOver=true"));
            request.Headers.Authorization = adminToken() is { } token ? new AuthenticationHeaderValue("Bearer", token) : null;
            using var response = await http.SendAsync(request, limit.Token);
            return response.IsSuccessStatusCode;
        }
        catch (Exception e) when (e is HttpRequestException || (e is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            return false;
        }
    }

    public void Dispose() => http.Dispose();

    private async Task<ProbeResult> HttpAsync(ProbeTarget.Http target, CancellationToken cancellation)
    {
        var (status, answer) = await GetAsync($"http://127.0.0.1:{target.Port}/health/ready", cancellation);
        if (status == 200)
        {
            return new ProbeResult(true, true, null);
        }
        var live = status is not null || (await GetAsync($"http://127.0.0.1:{target.Port}/health/live", cancellation)).Status == 200;
        return new ProbeResult(false, live, $"/health/ready: {(status is { } code ? $"{code} " : "")}{HealthAnswer.Shorten(answer)}");
    }

    private async Task<(int? Status, string Answer)> GetAsync(string url, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(timeout());
        try
        {
            using var response = await http.GetAsync(new Uri(url), limit.Token);
            var body = (await response.Content.ReadAsStringAsync(limit.Token)).ReplaceLineEndings(" ").Trim();
            return ((int)response.StatusCode, body.Length <= LongestAnswer ? body : body[..LongestAnswer]);
        }
        catch (HttpRequestException e)
        {
            return (null, e.Message);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return (null, $"no answer within {timeout().TotalSeconds:0.#} s");
        }
    }

    private async Task<ProbeResult> RedisAsync(ProbeTarget.Redis target, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(timeout());
        try
        {
            var password = (await File.ReadAllTextAsync(target.PasswordFile, limit.Token)).Trim();
            using var client = new TcpClient();
            await client.ConnectAsync("127.0.0.1", target.Port, limit.Token);
            var stream = client.GetStream();
            await stream.WriteAsync(Encoding.ASCII.GetBytes($"*2\r\n$4\r\nAUTH\r\n${password.Length}\r\n{password}\r\n*1\r\n$4\r\nPING\r\n"), limit.Token);
            using var reader = new StreamReader(stream, Encoding.ASCII);
            var authenticated = await reader.ReadLineAsync(limit.Token);
            var pong = authenticated is "+OK" ? await reader.ReadLineAsync(limit.Token) : authenticated;
            return pong is "+PONG" ? new ProbeResult(true, true, null) : new ProbeResult(false, pong is not null, $"PING: {pong ?? "connection closed"}");
        }
        catch (Exception e) when (e is SocketException or IOException or UnauthorizedAccessException)
        {
            return new ProbeResult(false, false, $"PING: {e.Message}");
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return new ProbeResult(false, false, $"PING: no answer within {timeout().TotalSeconds:0.#} s");
        }
    }
}
