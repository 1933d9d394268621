using System.Collections.Concurrent;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace Provost.Stories.Newcomer;

/// <summary>Somebody at a browser who signs in with a one-time link, and everything that the browser complained about.</summary>
internal sealed class Person : IAsyncDisposable
{
    private readonly IBrowserContext context;

    private Person(IBrowserContext context, IPage page) => (this.context, Page) = (context, page);

    public IPage Page { get; }

    public ConcurrentQueue<string> Complaints { get; } = [];

    public static async Task<Person> ArriveAsync(IBrowser browser, string signInUrl)
    {
        var context = await browser.NewContextAsync(new() { ViewportSize = new() { Width = 1280, Height = 900 }, ReducedMotion = ReducedMotion.Reduce });
        var person = new Person(context, await context.NewPageAsync());
        person.Page.PageError += (_, error) => person.Complaints.Enqueue(error);
        person.Page.Console += (_, message) =>
        {
            if (message.Type == "error")
                person.Complaints.Enqueue(message.Text);
        };
        await person.Page.GotoAsync(signInUrl);
        await person.Page.GetByRole(AriaRole.Button, new() { Name = "Sign in", Exact = true }).ClickAsync(new() { Timeout = 60_000 });
        await person.Page.WaitForURLAsync(url => !url.Contains("sign-in", StringComparison.Ordinal), new() { Timeout = 60_000 });
        return person;
    }

    public async Task OpenAsync(string path)
    {
        await Page.GotoAsync(new Uri(new Uri(Page.Url), path).AbsoluteUri);
        await SettleAsync();
    }

    public async Task SettleAsync()
    {
        await Page.Locator("h1").First.WaitForAsync(new() { Timeout = 60_000 });
        await Assertions.Expect(Page.Locator(".start, .skeleton")).ToHaveCountAsync(0, new() { Timeout = 60_000 });
    }

    public async Task<IReadOnlyList<string>> AccessibilityProblemsAsync() =>
        [.. (await Page.RunAxe()).Violations.Select(violation => $"{violation.Id}: {violation.Help} ({violation.Nodes.Length})")];

    /// <summary>Keeps a picture for people to look at, in the directory that PROVOST_SCREENSHOTS names; none without it.</summary>
    public async Task PictureAsync(string name)
    {
        if (Environment.GetEnvironmentVariable("PROVOST_SCREENSHOTS") is not { Length: > 0 } directory)
            return;
        foreach (var (width, scheme) in new[] { (1280, ColorScheme.Light), (390, ColorScheme.Dark) })
        {
            await Page.SetViewportSizeAsync(width, 900);
            await Page.EmulateMediaAsync(new() { ColorScheme = scheme });
            await Page.ScreenshotAsync(new() { Path = Path.Combine(directory, $"{name}-{width}-{scheme.ToString().ToLowerInvariant()}.png"), FullPage = true });
        }
    }

    public ValueTask DisposeAsync() => context.DisposeAsync();
}
