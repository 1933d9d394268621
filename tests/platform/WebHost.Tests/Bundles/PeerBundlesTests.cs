using System.Net;
using Microsoft.AspNetCore.Builder;

namespace Provost.WebHost.Tests.Bundles;

/// <summary>Two replicas of two releases, each with its own bundle alone, as pods are while a rollout runs.</summary>
public sealed class PeerBundlesTests : IAsyncLifetime
{
    private readonly string directory = Directory.CreateTempSubdirectory("provost-").FullName;
    private readonly List<WebApplication> replicas = [];
    private HttpClient client = new();

    public async ValueTask InitializeAsync()
    {
        var old = await StartAsync("1.0.0", "aaaaaaaaa1", peers: null);
        var present = await StartAsync("2.0.0", "bbbbbbbbb2", $"localhost:{old.Port}");
        client = new HttpClient { BaseAddress = present };
    }

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        foreach (var replica in replicas)
        {
            await replica.DisposeAsync();
        }
        Directory.Delete(directory, recursive: true);
    }

    [Fact]
    public async Task A_file_of_the_other_release_is_answered_as_the_other_replica_would()
    {
        using var answer = await GetAsync("/_framework/app.aaaaaaaaa1.wasm");

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("1.0.0", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal("application/wasm", answer.Content.Headers.ContentType?.MediaType);
        Assert.Contains("immutable", answer.Headers.CacheControl?.ToString(), StringComparison.Ordinal);
        Assert.NotNull(answer.Headers.ETag);
    }

    [Fact]
    public async Task Its_page_and_what_has_no_fingerprint_are_never_asked_for()
    {
        File.WriteAllText(Path.Combine(directory, "1.0.0", "only-old.css"), "old");

        Assert.Equal("page 2.0.0", await client.GetStringAsync("/", TestContext.Current.CancellationToken));
        Assert.Equal(HttpStatusCode.NotFound, (await GetAsync("/only-old.css")).StatusCode);
    }

    [Fact]
    public async Task What_nobody_has_is_not_found_also_when_two_ask_each_other()
    {
        var one = await StartAsync("3.0.0", "ccccccccc3", "localhost:1");
        var circle = await StartAsync("4.0.0", "ddddddddd4", $"localhost:{one.Port}");
        Assert.Equal(HttpStatusCode.NotFound, (await GetAsync("/_framework/app.eeeeeeeee5.wasm")).StatusCode);

        using var other = new HttpClient { BaseAddress = circle };
        using var question = new HttpRequestMessage(HttpMethod.Get, "/_framework/app.ccccccccc3.wasm") { Headers = { { "Provost-Peer", "1" } } };
        using var answer = await other.SendAsync(question, TestContext.Current.CancellationToken);

        // Who is asked by a replica asks nobody else.
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Equal("3.0.0", await other.GetStringAsync("/_framework/app.ccccccccc3.wasm", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_replica_that_has_left_is_not_found_instead_of_an_error()
    {
        await replicas[0].StopAsync(TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.NotFound, (await GetAsync("/_framework/app.aaaaaaaaa1.wasm")).StatusCode);
    }

    private Task<HttpResponseMessage> GetAsync(string path) => client.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);

    private async Task<Uri> StartAsync(string release, string fingerprint, string? peers)
    {
        var bundle = Path.Combine(directory, release);
        Directory.CreateDirectory(Path.Combine(bundle, "_framework"));
        File.WriteAllText(Path.Combine(bundle, "index.html"), $"page {release}");
        File.WriteAllText(Path.Combine(bundle, "_framework", $"app.{fingerprint}.wasm"), release);
        var app = BundleHost.Build([], [new("Web:Root", bundle), new("Web:Peers", peers), new("Listen:Http", "tcp:127.0.0.1:0")]);
        await app.StartAsync();
        replicas.Add(app);
        return new Uri(app.Urls.First());
    }
}
