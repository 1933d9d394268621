using System.Globalization;
using System.Net.Http.Headers;
using System.Net.WebSockets;
using System.Runtime.CompilerServices;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Provost.Runbooks.Targets.Kubernetes.Api;

/// <summary>Talks to an API server in JSON. What is rendered is sent as it is: no model in between could lose a field.</summary>
public sealed class ApiConnection : IDisposable
{
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(60);

    private readonly ClusterAccess access;
    private readonly HttpClient http;

    public ApiConnection(ClusterAccess access)
    {
        this.access = access;
        http = new HttpClient(Handler(access)) { BaseAddress = access.Server, Timeout = Timeout.InfiniteTimeSpan };
    }

    public string ClusterName => access.Name;

    public string? Namespace => access.Namespace;

    public void Dispose() => http.Dispose();

    /// <exception cref="ApiRefusal">The server said no.</exception>
    public async Task<JsonObject> SendAsync(HttpMethod method, string path, JsonNode? body, CancellationToken cancellation, string contentType = "application/json")
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(AnswerWithin);
        try
        {
            using var response = await SendAsync(method, path, body, contentType, limit.Token);
            return JsonNode.Parse(await response.Content.ReadAsStringAsync(limit.Token)) as JsonObject ?? [];
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            throw new OperationError(ErrorKind.Machine, $"{access.Server} gave no answer within {AnswerWithin.TotalSeconds:0} s", "look whether the API server is overloaded, then run this again", cause: e);
        }
    }

    public Task<JsonObject> GetAsync(string path, CancellationToken cancellation) => SendAsync(HttpMethod.Get, path, null, cancellation);

    /// <summary>What is there, or null.</summary>
    public async Task<JsonObject?> FindAsync(string path, CancellationToken cancellation)
    {
        try
        {
            return await GetAsync(path, cancellation);
        }
        catch (ApiRefusal refusal) when (refusal.IsNotFound)
        {
            return null;
        }
    }

    public async Task<string> TextAsync(string path, CancellationToken cancellation)
    {
        using var response = await SendAsync(HttpMethod.Get, path, null, "application/json", cancellation);
        return await response.Content.ReadAsStringAsync(cancellation);
    }

    /// <summary>Lines as they come, until the server ends the answer or the connection breaks.</summary>
    public async IAsyncEnumerable<string> LinesAsync(string path, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var response = await SendAsync(HttpMethod.Get, path, null, "application/json", cancellation);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(cancellation), Encoding.UTF8);
        while (await NextLineAsync(reader, cancellation) is { } line)
        {
            yield return line;
        }
    }

    /// <summary>A connection to a port of a pod.</summary>
    /// <exception cref="ApiRefusal">The server said no.</exception>
    public async Task<Stream> ForwardAsync(string podPath, int port, CancellationToken cancellation)
    {
        var path = string.Create(CultureInfo.InvariantCulture, $"{podPath}/portforward?ports={port}");
        var socket = new ClientWebSocket { Options = { CollectHttpResponseDetails = true } };
        socket.Options.AddSubProtocol(PortForward.Protocol);
        if (await access.Token(cancellation) is { } token)
        {
            socket.Options.SetRequestHeader("Authorization", $"Bearer {token}");
        }
        try
        {
            await socket.ConnectAsync(new UriBuilder(new Uri(access.Server, path)) { Scheme = access.Server.Scheme == Uri.UriSchemeHttps ? Uri.UriSchemeWss : Uri.UriSchemeWs }.Uri, http, cancellation);
            return new PortForward(socket);
        }
        catch (WebSocketException e)
        {
            var status = socket.HttpStatusCode;
            socket.Dispose();
            throw status == 0
                ? Unreachable(e.InnerException as HttpRequestException ?? new HttpRequestException(e.Message, e))
                : new ApiRefusal(status, "", $"a connection to a pod needs the rights \"get\" and \"create\" on pods/portforward (status {(int)status})", $"GET {path.Split('?')[0]}");
        }
    }

    private static async Task<string?> NextLineAsync(StreamReader reader, CancellationToken cancellation)
    {
        try
        {
            return await reader.ReadLineAsync(cancellation);
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            return null;
        }
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, JsonNode? body, string contentType, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Accept.Add(new("application/json"));
        if (await access.Token(cancellation) is { } token)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }
        if (body is not null)
        {
            request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, contentType);
        }
        HttpResponseMessage response;
        try
        {
            response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
        }
        catch (HttpRequestException e)
        {
            throw Unreachable(e);
        }
        if (response.IsSuccessStatusCode)
        {
            return response;
        }
        using (response)
        {
            throw await RefusalAsync(response, $"{method} {path.Split('?')[0]}", cancellation);
        }
    }

    private static async Task<ApiRefusal> RefusalAsync(HttpResponseMessage response, string request, CancellationToken cancellation)
    {
        var text = await response.Content.ReadAsStringAsync(cancellation);
        try
        {
            var status = JsonNode.Parse(text);
            return new ApiRefusal(response.StatusCode, (string?)status?["reason"] ?? "", (string?)status?["message"] ?? text, request)
            {
                Causes = [.. (status?["details"]?["causes"] as JsonArray ?? []).Select(cause => ((string?)cause?["field"] ?? "", (string?)cause?["message"] ?? ""))],
            };
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return new ApiRefusal(response.StatusCode, "", text.Length > 500 ? text[..500] : text, request);
        }
    }

    private OperationError Unreachable(HttpRequestException e) => e.InnerException is AuthenticationException tls
        ? new(ErrorKind.Machine, $"the certificate of {access.Server} is not trusted: {tls.InnerException?.Message ?? tls.Message}", "check the certificate-authority of the kubeconfig", cause: e)
        : new(ErrorKind.Machine, $"the API server {access.Server} cannot be reached: {e.Message}", "check --kubeconfig and --context, and that the cluster runs", cause: e);

    private static SocketsHttpHandler Handler(ClusterAccess access)
    {
        var handler = new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(10), PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30), UseProxy = true };
        var tls = handler.SslOptions;
        if (access.Authority is { Count: > 0 } authority)
        {
            var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            policy.CustomTrustStore.AddRange(authority);
            tls.CertificateChainPolicy = policy;
        }
        if (access.TrustsAnybody)
        {
#pragma warning disable CA5359 // The kubeconfig says so, for a cluster on the developer's own machine.
            tls.RemoteCertificateValidationCallback = (_, _, _, _) => true;
#pragma warning restore CA5359
        }
        if (access.Identity is { } identity)
        {
            tls.ClientCertificates = [identity];
            tls.LocalCertificateSelectionCallback = (_, _, _, _, _) => identity;
        }
        tls.TargetHost = access.ServerName;
        return handler;
    }
}
