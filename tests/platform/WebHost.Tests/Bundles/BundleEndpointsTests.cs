using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Builder;

namespace Provost.WebHost.Tests.Bundles;

public sealed class BundleEndpointsTests : IAsyncLifetime
{
    private const string Script = "{\"imports\":{}}";

    private readonly string directory = Directory.CreateTempSubdirectory("provost-").FullName;
    private WebApplication? app;
    private HttpClient? client;

    private HttpClient Client => client!;

    public async ValueTask InitializeAsync()
    {
        Write("new/index.html", $"<html><script type=\"importmap\">{Script}</script><script src=\"_framework/blazor.0000000001.js\"></script></html>");
        Write("new/_framework/app.aaaaaaaaa1.wasm", "plain wasm");
        Write("new/_framework/app.aaaaaaaaa1.wasm.br", "brotli wasm");
        Write("new/_framework/app.aaaaaaaaa1.wasm.gz", "gzip wasm");
        Write("new/css/site.css", "body {}");
        Write("old/index.html", "old page");
        Write("old/_framework/app.bbbbbbbbb2.wasm", "old wasm");
        Write("old/css/old.css", "old");
        Write("outside.txt", "secret");
        File.CreateSymbolicLink(Path.Combine(directory, "new/link.txt"), Path.Combine(directory, "outside.txt"));
        app = BundleHost.Build([],
        [
            new("Web:Root", Path.Combine(directory, "new")), new("Web:Previous:0", Path.Combine(directory, "old")),
            new("Web:Previous:1", Path.Combine(directory, "pruned")),
        ]);
        await app.StartAsync();
        client = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
    }

    public async ValueTask DisposeAsync()
    {
        client?.Dispose();
        await app!.DisposeAsync();
        Directory.Delete(directory, recursive: true);
    }

    [Fact]
    public async Task Fingerprinted_files_are_kept_for_a_year_and_come_compressed_as_the_client_likes()
    {
        foreach (var (accepts, encoding, body) in new[]
        {
            ("gzip, br", "br", "brotli wasm"), ("gzip", "gzip", "gzip wasm"), ("br;q=0, gzip", "gzip", "gzip wasm"), ("identity", null, "plain wasm"),
        })
        {
            using var answer = await SendAsync(HttpMethod.Get, "/_framework/app.aaaaaaaaa1.wasm", ("Accept-Encoding", accepts));
            Assert.Equal("public, max-age=31536000, immutable", answer.Headers.NonValidated["Cache-Control"].ToString());
            Assert.Equal("application/wasm", answer.Content.Headers.ContentType?.ToString());
            Assert.Equal(encoding, answer.Content.Headers.ContentEncoding.SingleOrDefault());
            Assert.Equal("Accept-Encoding", answer.Headers.Vary.Single());
            Assert.Equal(body, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        }
    }

    [Fact]
    public async Task The_page_is_always_revalidated_and_its_inline_script_is_allowed_by_hash()
    {
        using var page = await SendAsync(HttpMethod.Get, "/");
        Assert.True(page.Headers.CacheControl?.NoCache);
        var hash = Convert.ToBase64String(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(Script)));
        Assert.Contains($"script-src 'self' 'wasm-unsafe-eval' 'sha256-{hash}';", page.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);

        using var again = await SendAsync(HttpMethod.Get, "/", ("If-None-Match", page.Headers.ETag!.ToString()));
        Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
    }

    [Theory]
    [InlineData("/courses/42/students/7", "importmap")]
    [InlineData("/courses/MATH.101", "importmap")]
    [InlineData("/_framework/missing.ccccccccc3.wasm", null)]
    [InlineData("/_framework/missing", null)]
    [InlineData("/css/missing.css", null)]
    [InlineData("/missing.js.map", null)]
    public async Task Paths_of_the_application_get_the_page_and_missing_files_get_404(string path, string? expected)
    {
        using var answer = await SendAsync(HttpMethod.Get, path);
        var body = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Equal(expected is null ? HttpStatusCode.NotFound : HttpStatusCode.OK, answer.StatusCode);
        Assert.Contains(expected ?? "", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_the_fingerprinted_files_of_older_releases_stay_served()
    {
        Assert.Equal("old wasm", await Client.GetStringAsync(new Uri("/_framework/app.bbbbbbbbb2.wasm", UriKind.Relative), TestContext.Current.CancellationToken));
        using var css = await SendAsync(HttpMethod.Get, "/css/old.css");
        Assert.Equal(HttpStatusCode.NotFound, css.StatusCode);
    }

    [Fact]
    public async Task HEAD_and_ranges_work_and_other_methods_do_not()
    {
        using var head = await SendAsync(HttpMethod.Head, "/css/site.css");
        Assert.Equal(7, head.Content.Headers.ContentLength);

        using var part = await SendAsync(HttpMethod.Get, "/_framework/app.aaaaaaaaa1.wasm", ("Range", "bytes=0-4"), ("Accept-Encoding", "br"));
        Assert.Equal(HttpStatusCode.PartialContent, part.StatusCode);
        Assert.Equal("plain", await part.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));

        using var post = await SendAsync(HttpMethod.Post, "/");
        Assert.Equal(HttpStatusCode.MethodNotAllowed, post.StatusCode);
    }

    [Theory]
    [InlineData("/../outside.txt")]
    [InlineData("/%2e%2e/outside.txt")]
    [InlineData("/..%2foutside.txt")]
    [InlineData("/css/../../outside.txt")]
    [InlineData("/link.txt")]
    [InlineData("//outside.txt")]
    public async Task No_path_leads_out_of_the_bundle(string path)
    {
        var answer = await SendRawAsync($"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 ", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", answer, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_refuse_a_root_without_a_page() =>
        Assert.Equal(["Root"], new WebOptions { Root = directory }.Problems().Select(problem => problem.Key));

    private void Write(string path, string content)
    {
        var file = Path.Combine(directory, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, content);
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path);
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await Client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    // HttpClient tidies paths up before it sends them.
    private async Task<string> SendRawAsync(string request)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, Client.BaseAddress!.Port, TestContext.Current.CancellationToken);
        var stream = socket.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(request), TestContext.Current.CancellationToken);
        return await new StreamReader(stream).ReadToEndAsync(TestContext.Current.CancellationToken);
    }
}
