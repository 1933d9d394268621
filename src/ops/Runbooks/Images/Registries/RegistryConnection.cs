using System.Net;
using System.Net.Http.Headers;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Provost.Runbooks.Images.Registries;

/// <summary>HTTPS to a registry: trust, credentials (basic, and the token that a registry may ask for), and errors in words.</summary>
public sealed partial class RegistryConnection : IDisposable
{
    private const double SlowestBytesPerSecond = 64 << 10;
    private readonly RegistryAddress address;
    private readonly HttpClient http;
    private readonly TimeSpan patience;
    private AuthenticationHeaderValue? authorization;

    /// <param name="patience">How long an answer may take, beside the time for what is sent; null for a minute.</param>
    public RegistryConnection(RegistryAddress address, TimeSpan? patience = null)
    {
        this.address = address;
        this.patience = patience ?? TimeSpan.FromMinutes(1);
        var handler = new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(10), AllowAutoRedirect = true };
        if (address.AuthorityFile is not null)
        {
            handler.SslOptions.CertificateChainPolicy = Trusting(address.AuthorityFile, address.Origin.AuthorityRemedy);
        }
        http = new(handler) { BaseAddress = new Uri($"https://{address.Host}/"), Timeout = Timeout.InfiniteTimeSpan };
        authorization = Basic();
    }

    public void Dispose() => http.Dispose();

    /// <summary>Sends what the function makes, again with a token when the registry asks for one. 404 comes back; other failures are errors.</summary>
    public async Task<HttpResponseMessage> SendAsync(Func<HttpRequestMessage> make, CancellationToken cancellation)
    {
        try
        {
            var response = await SendOnceAsync(make(), cancellation);
            if (response.StatusCode is HttpStatusCode.Unauthorized && Challenge(response) is { } challenge)
            {
                response.Dispose();
                authorization = new("Bearer", await TokenAsync(challenge, cancellation));
                response = await SendOnceAsync(make(), cancellation);
            }
            return response.IsSuccessStatusCode || response.StatusCode is HttpStatusCode.NotFound ? response : throw await RefusalAsync(response, cancellation);
        }
        catch (HttpRequestException e)
        {
            throw Unreachable(e);
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            throw new OperationError(ErrorKind.Machine, $"the registry {address.Host} does not answer", "look whether it hangs, and at proxies and firewalls before it; then run this again", cause: e);
        }
    }

    /// <summary>Refuses when no registry answers, or when it does not let us in.</summary>
    public async Task RequireAsync(CancellationToken cancellation)
    {
        using var response = await SendAsync(() => new(HttpMethod.Get, "v2/"), cancellation);
        if (response.StatusCode is HttpStatusCode.NotFound)
        {
            throw new OperationError(ErrorKind.Configuration, $"{address.Host} answers, and is no registry", $"check the address ({address.Origin.Key})");
        }
    }

    /// <summary>Where the registry wants something sent, if that is itself: what is sent carries the credentials.</summary>
    public Uri Own(Uri location)
    {
        // By its text: a path alone would be taken for a file of this machine.
        var target = new Uri(http.BaseAddress!, location.OriginalString);
        return target.Scheme == Uri.UriSchemeHttps && target.Authority == http.BaseAddress!.Authority ? target : throw new OperationError(
            ErrorKind.Refused, $"{address.Host} wants the upload sent to {target.GetLeftPart(UriPartial.Authority)}",
            $"credentials only go to https://{address.Host}: set that as the registry's own address (http.host, or X-Forwarded-Proto and Host at the proxy before it)");
    }

    // Answers are small, and so are read whole.
    private async Task<HttpResponseMessage> SendOnceAsync(HttpRequestMessage request, CancellationToken cancellation)
    {
        request.Headers.Authorization = authorization;
        using var limited = Limited(request.Content?.Headers.ContentLength ?? 0, cancellation);
        return await http.SendAsync(request, HttpCompletionOption.ResponseContentRead, limited.Token);
    }

    private CancellationTokenSource Limited(long bytes, CancellationToken cancellation)
    {
        var source = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        source.CancelAfter(patience + TimeSpan.FromSeconds(bytes / SlowestBytesPerSecond));
        return source;
    }

    private AuthenticationHeaderValue? Basic() => address.User is null ? null
        : new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{address.User}:{address.Password()}")));

    private static string? Challenge(HttpResponseMessage response) => response.Headers.WwwAuthenticate
        .FirstOrDefault(header => header.Scheme.Equals("Bearer", StringComparison.OrdinalIgnoreCase))?.Parameter;

    private async Task<string> TokenAsync(string challenge, CancellationToken cancellation)
    {
        var parts = ChallengePart().Matches(challenge).ToDictionary(match => match.Groups[1].Value, match => match.Groups[2].Value, StringComparer.Ordinal);
        if (!parts.TryGetValue("realm", out var realm) || !realm.StartsWith("https://", StringComparison.Ordinal))
        {
            throw new OperationError(ErrorKind.Refused, $"{address.Host} asks for a token from \"{realm}\"", "credentials are only sent over https: check the registry's token service");
        }
        var query = string.Join('&', parts.Where(part => part.Key is "service" or "scope").Select(part => $"{part.Key}={Uri.EscapeDataString(part.Value)}"));
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{realm}?{query}");
        request.Headers.Authorization = Basic();
        using var limited = Limited(0, cancellation);
        using var response = await http.SendAsync(request, limited.Token);
        if (!response.IsSuccessStatusCode)
        {
            throw await RefusalAsync(response, cancellation);
        }
        var json = JsonNode.Parse(await response.Content.ReadAsStringAsync(cancellation));
        return (string?)json?["token"] ?? (string?)json?["access_token"]
            ?? throw new OperationError(ErrorKind.Refused, $"the token service of {address.Host} gave no token", "check the registry's configuration");
    }

    private async Task<OperationError> RefusalAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        var body = await response.Content.ReadAsStringAsync(cancellation);
        var said = body.Length > 500 ? body[..500] : body;
        var what = $"{address.Host} answered {(int)response.StatusCode} to {response.RequestMessage!.Method} {response.RequestMessage.RequestUri!.AbsolutePath}";
        response.Dispose();
        return response.StatusCode switch
        {
            HttpStatusCode.Unauthorized when address.User is null =>
                new(ErrorKind.Refused, $"{address.Host} wants credentials", address.Origin.CredentialsRemedy, [said]),
            HttpStatusCode.Unauthorized =>
                new(ErrorKind.Refused, $"{address.Host} refuses the credentials of {address.User}", $"check the user and the password in {address.PasswordFile}", [said]),
            HttpStatusCode.Forbidden =>
                new(ErrorKind.Refused, $"{what}: {address.User ?? "anonymous"} may not do that", "give the user the right to push to this repository, or use another", [said]),
            HttpStatusCode.MethodNotAllowed =>
                new(ErrorKind.Refused, $"{what}: the registry does not allow it", "allow deletion in the registry (REGISTRY_STORAGE_DELETE_ENABLED=true)", [said]),
            _ when response.StatusCode is HttpStatusCode.InsufficientStorage || said.Contains("no space left", StringComparison.OrdinalIgnoreCase) =>
                new(ErrorKind.Machine, $"the disk of the registry {address.Host} is full", "free some: provost images prune, then the registry's garbage collection", [said]),
            _ when body.Contains("DIGEST_INVALID", StringComparison.Ordinal) =>
                new(ErrorKind.Failed, $"{address.Host} received other bytes than the digest names", "something between here and there changes them: check the disk and proxies, then push again", [said]),
            _ => new(ErrorKind.Failed, what, "look at the log of the registry; run this again when it is well", [said]),
        };
    }

    private OperationError Unreachable(HttpRequestException e) => e.HttpRequestError is HttpRequestError.Unknown or HttpRequestError.ResponseEnded && e.InnerException is IOException
        // A registry that cannot store what it receives closes the connection before it says why.
        ? new(ErrorKind.Machine, $"the registry {address.Host} broke off the transfer: {e.InnerException.Message}", "its disk may be full (provost images prune, then its garbage collection), or a proxy before it limits the size: look at the log of the registry", cause: e)
        : e.InnerException is AuthenticationException tls
        ? new(ErrorKind.Machine, $"the certificate of {address.Host} is not trusted: {tls.InnerException?.Message ?? tls.Message}", address.Origin.AuthorityRemedy, cause: e)
        : new(ErrorKind.Machine, $"the registry {address.Host} cannot be reached: {e.Message}", address.Origin.ReachRemedy, cause: e);

    private static X509ChainPolicy Trusting(string file, string remedy)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        try
        {
            policy.CustomTrustStore.ImportFromPemFile(file);
        }
        catch (Exception e) when (e is IOException or System.Security.Cryptography.CryptographicException)
        {
            throw new OperationError(ErrorKind.Configuration, $"the registry's authority cannot be read: {e.Message}", remedy, cause: e);
        }
        return policy.CustomTrustStore.Count > 0 ? policy
            : throw new OperationError(ErrorKind.Configuration, $"there is no certificate in {file}", remedy);
    }

    [GeneratedRegex("""(\w+)="([^"]*)" ?""")]
    private static partial Regex ChallengePart();
}
