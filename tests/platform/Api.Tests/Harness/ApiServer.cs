using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Provost.Contracts;

namespace Provost.Api.Tests.Harness;

/// <summary>The real service on a real socket, with the real stores. Several of them are replicas of one installation.</summary>
internal sealed class ApiServer : IAsyncDisposable
{
    public const string OperatorToken = "operator-token-of-the-tests-0123456789abcdef";

    private readonly WebApplication app;

    private ApiServer(WebApplication app, Uri url)
    {
        this.app = app;
        Url = url;
        Operator = new HttpClient { BaseAddress = url, Timeout = TimeSpan.FromMinutes(1) };
        Operator.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", OperatorToken);
    }

    public Uri Url { get; }

    public HttpClient Operator { get; }

    public IServiceProvider Services => app.Services;

    public static async Task<ApiServer> StartAsync(RealStores stores, params (string Key, string Value)[] settings)
    {
        stores.MustBeThere();
        var port = Server.FreePort();
        var all = new Dictionary<string, string?>
        {
            ["Listen:Http"] = $"tcp:127.0.0.1:{port}",
            ["Service:DrainSeconds"] = "0",
            ["Service:ShutdownSeconds"] = "2",
            ["Logs:Level"] = "Error",
            ["Redis:Endpoint"] = stores.RedisEndpoint,
            ["Redis:Password"] = RealStores.Password,
            ["ClickHouse:Endpoint"] = stores.ClickHouseEndpoint,
            ["ClickHouse:Password"] = RealStores.Password,
            ["Operator:Token"] = OperatorToken,
            ["Pseudonyms:Key"] = Key('p'),
            ["Names:Key"] = Key('n'),
            ["DataProtection:Key"] = Key('d'),
            ["Public:Url"] = "http://localhost:8080",
        };
        foreach (var (key, value) in settings)
            all[key] = value;
        var app = ApiHost.Build([], all);
        await app.StartAsync();
        var server = new ApiServer(app, new Uri($"http://127.0.0.1:{port}"));
        await server.ReadyAsync();
        return server;
    }

    /// <summary>Adds a role and signs in.</summary>
    public async Task<ApiClient> SignInAsync(string user, Role role, string? course = null, string[]? sections = null, string? student = null)
    {
        var link = await LinkAsync(new NewAccount(user, role, course, sections, student));
        var client = new ApiClient(Url);
        await client.SignInAsync(link.SignInUrl);
        return client;
    }

    public async Task<SignInLink> LinkAsync(NewAccount account)
    {
        using var answer = await Operator.PostAsJsonAsync("api/operator/accounts", account, ApiClient.Json);
        return await ApiClient.ReadAsync<SignInLink>(answer);
    }

    /// <summary>Imports as the operator: makes the course.</summary>
    public async Task<ImportReport> ImportAsync(string course, string csv, string file = "gradebook.csv")
    {
        using var answer = await Operator.PostAsync(
            $"api/operator/imports?course={Uri.EscapeDataString(course)}&file={file}", new StringContent(csv, Encoding.UTF8, "text/csv"));
        return await ApiClient.ReadAsync<ImportReport>(answer);
    }

    public T Get<T>() where T : notnull => Services.GetRequiredService<T>();

    public async ValueTask DisposeAsync()
    {
        Operator.Dispose();
        await app.StopAsync();
        await app.DisposeAsync();
    }

    private static string Key(char letter) => Convert.ToBase64String(Encoding.ASCII.GetBytes(new string(letter, 32)));

    private async Task ReadyAsync()
    {
        for (var attempt = 0; ; attempt++, await Task.Delay(50))
        {
            using var answer = await Operator.GetAsync("health/ready");
            if (answer.IsSuccessStatusCode)
                return;
            Assert.True(attempt < 400, await answer.Content.ReadAsStringAsync());
        }
    }
}
