using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Provost.Hosting.Tests;

namespace Provost.Gateway.Tests;

/// <summary>A gateway in this process, over replicas in this process.</summary>
internal sealed class TestEdge : IAsyncDisposable
{
    private readonly List<WebApplication> apps = [];

    public HttpClient Client { get; private set; } = new();

    public HttpClient Admin { get; private set; } = new();

    public Uri Public => Client.BaseAddress!;

    public static async Task<TestEdge> StartAsync(string[] api, string[] web, params (string Key, string Value)[] settings)
    {
        var edge = new TestEdge();
        KeyValuePair<string, string?>[] all =
        [
            new("Listen:Http", "tcp:127.0.0.1:0"), new("Listen:Admin", "tcp:127.0.0.1:0"), new("Service:DrainSeconds", "1"),
            .. api.Index().Select(item => KeyValuePair.Create($"Gateway:Api:{item.Index}", (string?)item.Item)),
            .. web.Index().Select(item => KeyValuePair.Create($"Gateway:Web:{item.Index}", (string?)item.Item)),
            .. settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)),
        ];
        var app = GatewayHost.Build([], all.GroupBy(setting => setting.Key).Select(setting => setting.Last()));
        await app.StartAsync();
        edge.apps.Add(app);
        edge.App = app;
        var urls = app.Urls.ToArray();
        edge.Client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = new Uri(urls[0]) };
        edge.Admin = new HttpClient { BaseAddress = new Uri(urls[1]) };
        return edge;
    }

    public WebApplication App { get; private set; } = null!;

    /// <summary>A replica in this process; it is stopped with the gateway.</summary>
    public static async Task<(WebApplication App, string Address)> ReplicaAsync(string name)
    {
        var app = ServiceUnderTest.Build([], builder => { }, ("Service:Replica", name), ("Service:DrainSeconds", "0"));
        app.MapGet("/api/who", () => name);
        app.MapGet("/api/connection", (HttpContext context) => context.Connection.Id);
        app.MapGet("/api/headers", (HttpRequest request) =>
            string.Join('\n', request.Headers.Select(header => $"{header.Key}: {header.Value}")));
        app.MapPost("/api/echo", async (HttpRequest request) =>
            await new StreamReader(request.Body).ReadToEndAsync(request.HttpContext.RequestAborted));
        app.MapPost("/api/session/password", () => "in");
        app.MapGet("/api/slow/{milliseconds:int}", async (int milliseconds) =>
        {
            await Task.Delay(milliseconds);
            return name;
        });
        await app.StartAsync();
        await AskOnceAsync(app.Urls.First());
        return (app, app.Urls.First());
    }

    // The agent hands out a replica's address when it is ready: by then it has answered before.
    private static async Task AskOnceAsync(string address)
    {
        using var client = new HttpClient();
        using var answer = await client.GetAsync(new Uri(address + "/health/live"));
        answer.EnsureSuccessStatusCode();
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        Admin.Dispose();
        foreach (var app in apps)
        {
            await app.DisposeAsync();
        }
    }
}
