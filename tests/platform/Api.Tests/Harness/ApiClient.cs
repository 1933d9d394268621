using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Provost.Contracts;

namespace Provost.Api.Tests.Harness;

/// <summary>A browser's session: cookies and the antiforgery header.</summary>
internal sealed class ApiClient : IDisposable
{
    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);
    private const string Header = "X-Provost-Antiforgery";

    private readonly SocketsHttpHandler handler = new() { CookieContainer = new CookieContainer() };

    public ApiClient(Uri url) => Http = new HttpClient(handler) { BaseAddress = url, Timeout = TimeSpan.FromMinutes(1) };

    public HttpClient Http { get; }

    public CookieContainer Cookies => handler.CookieContainer;

    public async Task<SessionView> SessionAsync()
    {
        var session = await GetAsync<SessionView>("api/session");
        Http.DefaultRequestHeaders.Remove(Header);
        Http.DefaultRequestHeaders.Add(Header, session.AntiforgeryToken);
        return session;
    }

    public async Task SignInAsync(string signInUrl)
    {
        await SessionAsync();
        await ReadAsync<SessionView>(await PostAsync("api/session/link", new LinkSignIn(signInUrl[(signInUrl.LastIndexOf('/') + 1)..])));
        await SessionAsync();
    }

    public async Task<T> GetAsync<T>(string path)
    {
        using var answer = await Http.GetAsync(path);
        return await ReadAsync<T>(answer);
    }

    public Task<HttpResponseMessage> PostAsync<T>(string path, T body) => Http.PostAsJsonAsync(path, body, Json);

    public Task<HttpResponseMessage> PutAsync<T>(string path, T body) => Http.PutAsJsonAsync(path, body, Json);

    public async Task<ImportReport> ImportAsync(string course, string csv)
    {
        using var answer = await Http.PostAsync($"api/courses/{course}/imports?file=gradebook.csv", new StringContent(csv));
        return await ReadAsync<ImportReport>(answer);
    }

    public void DropAntiforgery() => Http.DefaultRequestHeaders.Remove(Header);

    public static async Task<T> ReadAsync<T>(HttpResponseMessage answer)
    {
        var body = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, $"{answer.RequestMessage?.Method} {answer.RequestMessage?.RequestUri}: {(int)answer.StatusCode} {body}");
        return JsonSerializer.Deserialize<T>(body, Json)!;
    }

    public void Dispose()
    {
        Http.Dispose();
        handler.Dispose();
    }
}
