using System.Net;
using Microsoft.AspNetCore.Builder;
using Provost.WebHost.Bundles;

namespace Provost.WebHost.Tests.Bundles;

/// <summary>While a deployment switches, a page of one release meets a replica of the other.</summary>
public sealed class ReleaseBundlesTests : IAsyncLifetime
{
    private readonly string directory = Directory.CreateTempSubdirectory("provost-").FullName;
    private WebApplication? app;
    private HttpClient? client;

    public async ValueTask InitializeAsync()
    {
        Install("1.0.0", "aaaaaaaaa1");
        app = BundleHost.Build([], [new("Web:Root", Path.Combine(directory, "1.0.0/Web/wwwroot")), new("Web:Releases", directory), new("Listen:Http", "tcp:127.0.0.1:0")]);
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
    public async Task The_files_of_a_release_that_is_installed_later_are_served_and_its_page_is_not()
    {
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync("/_framework/app.bbbbbbbbb2.wasm"));
        Install("2.0.0", "bbbbbbbbb2");
        await Task.Delay(TimeSpan.FromSeconds(1.1), TestContext.Current.CancellationToken);

        Assert.Equal("2.0.0", await client!.GetStringAsync("/_framework/app.bbbbbbbbb2.wasm", TestContext.Current.CancellationToken));
        Assert.Equal("page 1.0.0", await client.GetStringAsync("/", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_release_that_is_being_installed_is_not_served_yet_and_a_removed_one_no_more()
    {
        Install("3.0.0", "ccccccccc3", complete: false);
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync("/_framework/app.ccccccccc3.wasm"));
        await File.WriteAllTextAsync(Path.Combine(directory, "3.0.0/.complete"), "", TestContext.Current.CancellationToken);
        await Task.Delay(TimeSpan.FromSeconds(1.1), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync("/_framework/app.ccccccccc3.wasm"));

        Directory.Delete(Path.Combine(directory, "3.0.0"), recursive: true);

        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync("/_framework/app.ccccccccc3.wasm"));
    }

    /// <summary>A client waits for one file while a deployment switches; all files of all releases take seconds.</summary>
    [Fact]
    public void Files_are_listed_at_once_and_read_one_by_one()
    {
        Install("2.0.0", "bbbbbbbbb2");
        string[] roots = [Path.Combine(directory, "1.0.0/Web/wwwroot"), Path.Combine(directory, "2.0.0/Web/wwwroot")];

        var files = BundleReader.ListFingerprinted(roots);

        Assert.Equal(["_framework/app.aaaaaaaaa1.wasm", "_framework/app.bbbbbbbbb2.wasm"], files.Keys.Order(StringComparer.Ordinal));
        Assert.All(files.Values, file => Assert.False(file.IsValueCreated));
        Assert.EndsWith("2.0.0/Web/wwwroot/_framework/app.bbbbbbbbb2.wasm", files["_framework/app.bbbbbbbbb2.wasm"].Value.Plain.PhysicalPath, StringComparison.Ordinal);
        Assert.False(files["_framework/app.aaaaaaaaa1.wasm"].IsValueCreated);
    }

    [Fact]
    public async Task A_file_that_was_listed_and_is_gone_before_anybody_asked_for_it_is_not_found()
    {
        Install("2.0.0", "bbbbbbbbb2");
        Install("3.0.0", "ccccccccc3");
        Assert.Equal(HttpStatusCode.OK, await StatusAsync("/_framework/app.bbbbbbbbb2.wasm"));

        Directory.Delete(Path.Combine(directory, "3.0.0"), recursive: true);

        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync("/_framework/app.ccccccccc3.wasm"));
    }

    /// <summary>Most files are the same in neighbouring releases, and the oldest of them is removed first.</summary>
    [Fact]
    public async Task A_file_of_two_releases_is_served_when_one_of_them_is_removed()
    {
        Install("2.0.0", "bbbbbbbbb2");
        Install("3.0.0", "bbbbbbbbb2");
        Assert.Equal("2.0.0", await client!.GetStringAsync("/_framework/app.bbbbbbbbb2.wasm", TestContext.Current.CancellationToken));
        Directory.Delete(Path.Combine(directory, "2.0.0"), recursive: true);
        await Task.Delay(TimeSpan.FromSeconds(1.1), TestContext.Current.CancellationToken);

        Assert.Equal("3.0.0", await client.GetStringAsync("/_framework/app.bbbbbbbbb2.wasm", TestContext.Current.CancellationToken));
    }

    private async Task<HttpStatusCode> StatusAsync(string path)
    {
        using var answer = await client!.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);
        return answer.StatusCode;
    }

    private void Install(string release, string fingerprint, bool complete = true)
    {
        var bundle = Path.Combine(directory, release, "Web", "wwwroot");
        Directory.CreateDirectory(Path.Combine(bundle, "_framework"));
        File.WriteAllText(Path.Combine(bundle, "index.html"), $"page {release}");
        File.WriteAllText(Path.Combine(bundle, "_framework", $"app.{fingerprint}.wasm"), release);
        if (complete)
        {
            File.WriteAllText(Path.Combine(directory, release, ".complete"), "");
        }
    }
}
