using Microsoft.AspNetCore.Builder;

namespace Provost.WebHost.Tests.Bundles;

/// <summary>Each replica has only its own image: what pages of earlier releases need is kept in a folder that all share.</summary>
public sealed class BundleKeepingTests : IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("provost-").FullName;

    private string Shared => Path.Combine(directory, "releases");

    public BundleKeepingTests() => Directory.CreateDirectory(Shared);

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Fact]
    public async Task The_next_release_serves_the_files_of_the_one_before_and_its_own_page()
    {
        await using var old = await StartAsync("1.0.0", "aaaaaaaaa1");
        await old.StopAsync(TestContext.Current.CancellationToken);
        Directory.Delete(Path.Combine(directory, "1.0.0"), recursive: true);

        await using var next = await StartAsync("2.0.0", "bbbbbbbbb2");

        using var client = new HttpClient { BaseAddress = new Uri(next.Urls.First()) };
        Assert.Equal("1.0.0", await client.GetStringAsync(new Uri("/_framework/app.aaaaaaaaa1.wasm", UriKind.Relative), TestContext.Current.CancellationToken));
        Assert.Equal("page 2.0.0", await client.GetStringAsync(new Uri("/", UriKind.Relative), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task The_last_five_are_kept()
    {
        for (var release = 1; release <= 7; release++)
        {
            await using var app = await StartAsync($"{release}.0.0", $"aaaaaaaaa{release}");
            Directory.SetLastWriteTimeUtc(Path.Combine(Shared, $"{release}.0.0"), new DateTime(2026, 1, release, 0, 0, 0, DateTimeKind.Utc));
        }

        Assert.Equal(["3.0.0", "4.0.0", "5.0.0", "6.0.0", "7.0.0"], Directory.EnumerateDirectories(Shared).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task What_somebody_else_installed_is_left_as_it_is()
    {
        var installed = Directory.CreateDirectory(Path.Combine(Shared, "1.0.0")).FullName;
        await File.WriteAllTextAsync(Path.Combine(installed, ".complete"), "", TestContext.Current.CancellationToken);

        await using var app = await StartAsync("1.0.0", "aaaaaaaaa1");

        Assert.Equal([Path.Combine(installed, ".complete")], Directory.EnumerateFileSystemEntries(installed));
    }

    private async Task<WebApplication> StartAsync(string release, string fingerprint)
    {
        var root = Path.Combine(directory, release, "wwwroot");
        Directory.CreateDirectory(Path.Combine(root, "_framework"));
        await File.WriteAllTextAsync(Path.Combine(root, "index.html"), $"page {release}");
        await File.WriteAllTextAsync(Path.Combine(root, "_framework", $"app.{fingerprint}.wasm"), release);
        var app = BundleHost.Build([], [new("Web:Root", root), new("Web:Releases", Shared), new("Service:Release", release), new("Service:DrainSeconds", "0"), new("Listen:Http", "tcp:127.0.0.1:0")]);
        await app.StartAsync();
        return app;
    }
}
