using Microsoft.Playwright;

namespace Provost.Web.Tests.Pages;

/// <summary>One browser for all page tests: Debian's Chromium, nothing downloaded.</summary>
public sealed class Chromium : IAsyncLifetime
{
    private static readonly string[] Places = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

    private static readonly string[] Arguments =
    [
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
        "--disable-component-update", "--disable-sync",
    ];

    private IPlaywright? playwright;
    private IBrowser? browser;

    public async ValueTask InitializeAsync()
    {
        if (Places.FirstOrDefault(File.Exists) is not { } executable) return;
        // The machine may build and test at the same time: a slow page is no wrong page.
        Assertions.SetDefaultExpectTimeout(20_000);
        playwright = await Playwright.CreateAsync();
        browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = executable, Args = Arguments });
    }

    /// <summary>The browser, or the test is skipped; where everything must run (CI=true) it fails instead.</summary>
    public IBrowser Required()
    {
        if (browser is not null) return browser;
        Assert.SkipUnless(Environment.GetEnvironmentVariable("CI") == "true", "Chromium is not installed: apt-get install chromium");
        throw new InvalidOperationException("CI=true, and Chromium is not installed: apt-get install chromium");
    }

    public async ValueTask DisposeAsync()
    {
        if (browser is not null) await browser.DisposeAsync();
        playwright?.Dispose();
    }
}

[CollectionDefinition(Name)]
public sealed class PagesCollection : ICollectionFixture<Chromium>
{
    public const string Name = "Pages";
}
