using System.Net.Http.Headers;
using System.Text;
using ClickHouse.Driver.ADO;
using Provost.Stores.ClickHouse.Engine;

namespace Provost.Stores.Tests.ClickHouse;

/// <summary>A running embedded ClickHouse, and the ways to reach it.</summary>
internal sealed class ClickHouseStore : IAsyncDisposable
{
    public const string Password = "correct horse battery";

    private readonly TemporaryDirectory directory = new();
    private readonly Dictionary<string, string> settings;
    private readonly HttpClient http = new() { Timeout = TimeSpan.FromMinutes(2) };

    private ClickHouseStore(Dictionary<string, string> settings) => this.settings = settings;

    public StoreProcess Process { get; private set; } = null!;

    public string Data => directory.Sub("clickhouse");

    public Uri Url => new($"http://127.0.0.1:{Process.Port}/");

    /// <summary>Starts one; skips the test when the engine is not installed, and fails it under CI.</summary>
    public static async Task<ClickHouseStore> StartAsync(params (string Key, string Value)[] settings)
    {
        var library = Library();
        var store = new ClickHouseStore(settings.ToDictionary(pair => $"ClickHouse__{pair.Key}", pair => pair.Value));
        store.settings["ClickHouse__DataDirectory"] = store.Data;
        store.settings["ClickHouse__Library"] = library;
        await File.WriteAllTextAsync(Path.Combine(store.directory.Sub("secrets"), "ClickHouse__Password"), Password);
        await store.StartAgainAsync();
        return store;
    }

    public static string Library()
    {
        try
        {
            return ChdbLibrary.Find(Environment.GetEnvironmentVariable("PROVOST_ClickHouse__Library"));
        }
        catch (StoreError error) when (Environment.GetEnvironmentVariable("CI") != "true")
        {
            Assert.Skip(error.Message);
            throw;
        }
    }

    public async Task StartAgainAsync() => Process = await Launch().ReadyAsync();

    /// <summary>Another process on the same data, not waited for.</summary>
    public StoreProcess Launch() => StoreProcess.Launch("clickhouse", settings, directory.Sub("secrets"));

    public ClickHouseConnection Connect(string more = "Compression=true") =>
        new($"Host=127.0.0.1;Port={Process.Port};Username=provost;Password={Password};Database=default;{more}");

    public Task<HttpResponseMessage> PostAsync(string sql, string query = "", CancellationToken cancellation = default) =>
        SendAsync(HttpMethod.Post, query, new StringContent(sql), cancellation: cancellation);

    public async Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string query, HttpContent? content = null, string password = Password, CancellationToken cancellation = default)
    {
        using var request = new HttpRequestMessage(method, new Uri(Url, $"?{query}")) { Content = content };
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"provost:{password}")));
        return await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
    }

    /// <summary>The text of an answer that must be a good one.</summary>
    public async Task<string> TextAsync(string sql, string query = "")
    {
        using var answer = await PostAsync(sql, query);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, $"{sql}: {text}");
        return text.TrimEnd('\n');
    }

    /// <summary>The code, status and text of an answer that must be an error.</summary>
    public async Task<(int Status, string Code, string Text)> ErrorAsync(string sql, string query = "")
    {
        using var answer = await PostAsync(sql, query);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.False(answer.IsSuccessStatusCode, $"{sql} was answered with {text}");
        return ((int)answer.StatusCode, answer.Headers.GetValues("X-ClickHouse-Exception-Code").Single(), text);
    }

    /// <summary>The code of an answer's error; empty for a good answer.</summary>
    public async Task<string> CodeAsync(string sql)
    {
        using var answer = await PostAsync(sql);
        await answer.Content.ReadAsStringAsync();
        return answer.Headers.TryGetValues("X-ClickHouse-Exception-Code", out var codes) ? codes.Single() : "";
    }

    public async ValueTask DisposeAsync()
    {
        await Process.DisposeAsync();
        http.Dispose();
        directory.Dispose();
    }
}
