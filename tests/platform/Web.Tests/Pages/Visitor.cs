using System.Collections.Concurrent;
using Microsoft.Playwright;
using Provost.Web.DevServer;

namespace Provost.Web.Tests.Pages;

/// <summary>A person at a browser, and everything that the browser complained about.</summary>
internal sealed class Visitor : IAsyncDisposable
{
    private readonly IBrowserContext context;
    private readonly string origin;

    private Visitor(IBrowserContext context, IPage page, string origin) => (this.context, Page, this.origin) = (context, page, origin);

    public IPage Page { get; }

    /// <summary>Console errors, uncaught exceptions, violations of the policy, requests to anywhere else.</summary>
    public ConcurrentQueue<string> Complaints { get; } = [];

    public static async Task<Visitor> ArriveAsync(IBrowser browser, DevHost host, int width = 1280, int height = 900, bool dark = false)
    {
        var context = await browser.NewContextAsync(new BrowserNewContextOptions
        {
            BaseURL = host.Url,
            ViewportSize = new ViewportSize { Width = width, Height = height },
            ColorScheme = dark ? ColorScheme.Dark : ColorScheme.Light,
            ReducedMotion = ReducedMotion.Reduce,
            TimezoneId = "Europe/Berlin",
        });
        var visitor = new Visitor(context, await context.NewPageAsync(), host.Url);
        visitor.Page.SetDefaultTimeout(60_000);
        visitor.Listen();
        return visitor;
    }

    public async Task SignInAsync(string user)
    {
        await Page.GotoAsync("/sign-in");
        await Page.GetByLabel("Account", new() { Exact = true }).FillAsync(user);
        await Page.GetByLabel("Password").FillAsync(DevAccounts.Password);
        await Page.GetByRole(AriaRole.Button, new() { Name = "Sign in", Exact = true }).ClickAsync();
        await Assertions.Expect(Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).Not.ToHaveTextAsync("Sign in");
    }

    /// <summary>Opens a page, without starting the application anew when it runs already, and waits until its content is there.</summary>
    public async Task OpenAsync(string path)
    {
        if (Page.Url.StartsWith(origin, StringComparison.Ordinal)) await Page.EvaluateAsync("path => Blazor.navigateTo(path)", path);
        else await Page.GotoAsync(path);
        await Task.Delay(150);
        await SettleAsync();
    }

    public async Task SettleAsync()
    {
        await Page.Locator("h1").First.WaitForAsync();
        await Assertions.Expect(Page.Locator(".start, .skeleton")).ToHaveCountAsync(0, new() { Timeout = 20_000 });
    }

    public async ValueTask DisposeAsync() => await context.DisposeAsync();

    private void Listen()
    {
        Page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning") Complaints.Enqueue($"console {message.Type}: {message.Text}");
        };
        Page.PageError += (_, error) => Complaints.Enqueue($"page error: {error}");
        Page.Request += (_, request) =>
        {
            if (!request.Url.StartsWith(origin, StringComparison.Ordinal) && !request.Url.StartsWith("data:", StringComparison.Ordinal)
                && !request.Url.StartsWith("blob:" + origin, StringComparison.Ordinal)) Complaints.Enqueue($"request to elsewhere: {request.Url}");
        };
    }
}
