using Microsoft.Playwright;

namespace Provost.Stories.Harness;

/// <summary>A real Chromium from PATH, driven by Playwright; one per story class.</summary>
public sealed class Chromium : IAsyncLifetime
{
    private static readonly string[] Arguments =
    [
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
        "--disable-component-update", "--disable-sync",
    ];

    private IPlaywright? playwright;
    private IBrowser? browser;

    public IBrowser Browser => browser ?? throw new InvalidOperationException("The browser has not started");

    public async ValueTask InitializeAsync()
    {
        var executable = FindOnPath("chromium") ?? FindOnPath("chromium-browser") ?? FindOnPath("google-chrome");
        if (executable is null && Environment.GetEnvironmentVariable("CI") != "true")
            Assert.Skip("chromium is not on PATH");
        Assert.True(executable is not null, "chromium is not on PATH: install the chromium package");
        playwright = await Playwright.CreateAsync();
        browser = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = executable, Args = Arguments });
    }

    public async ValueTask DisposeAsync()
    {
        if (browser is not null)
            await browser.DisposeAsync();
        playwright?.Dispose();
    }

    private static string? FindOnPath(string name) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
        .Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
}
