using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Provost.Contracts;

namespace Provost.Harness;

/// <summary>A signed-in HTTP client: cookie and antiforgery header as the frontend sends them.</summary>
public sealed class Session : IDisposable
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private readonly SocketsHttpHandler handler = new() { CookieContainer = new CookieContainer(), PooledConnectionLifetime = TimeSpan.FromMinutes(5) };

    /// <param name="authority">PEM of the authority to trust; null for those that the machine trusts.</param>
    public Session(Uri url, string? authority = null)
    {
        if (authority is not null)
        {
            handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
                CustomTrustStore = { X509Certificate2.CreateFromPem(authority) },
            };
        }
        Http = new HttpClient(handler) { BaseAddress = url, Timeout = TimeSpan.FromSeconds(60) };
    }

    public HttpClient Http { get; }

    public CookieContainer Cookies => handler.CookieContainer;

    /// <summary>Uses a one-time link the way the page behind it does: the token from the path, by POST.</summary>
    public async Task SignInAsync(Uri link)
    {
        await RefreshTokenAsync();
        using var answer = await Http.PostAsJsonAsync("api/session/link", new LinkSignIn(link.Segments[^1]), Json);
        await MustSucceedAsync(answer);
        await RefreshTokenAsync();
    }

    public async Task<T> GetAsync<T>(string path)
    {
        using var answer = await ReadAsync(path);
        await MustSucceedAsync(answer);
        return (await answer.Content.ReadFromJsonAsync<T>(Json))!;
    }

    /// <summary>As a browser does: a read whose connection broke before its answer was there is sent once more.</summary>
    public async Task<HttpResponseMessage> ReadAsync(string path)
    {
        try
        {
            return await Http.GetAsync(path);
        }
        catch (HttpRequestException)
        {
            return await Http.GetAsync(path);
        }
    }

    public void Dispose()
    {
        Http.Dispose();
        handler.Dispose();
    }

    private async Task RefreshTokenAsync()
    {
        var session = await GetAsync<SessionView>("api/session");
        Http.DefaultRequestHeaders.Remove("X-Provost-Antiforgery");
        Http.DefaultRequestHeaders.Add("X-Provost-Antiforgery", session.AntiforgeryToken);
    }

    private static async Task MustSucceedAsync(HttpResponseMessage answer)
    {
        if (!answer.IsSuccessStatusCode)
            throw new HttpRequestException($"{answer.RequestMessage?.Method} {answer.RequestMessage?.RequestUri}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
    }
}
