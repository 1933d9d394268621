using Provost.Web.DevServer;

namespace Provost.Web.Tests.Pages;

/// <summary>Pictures of every page for people to look at: only when PROVOST_SCREENSHOTS names a directory.</summary>
[Collection(PagesCollection.Name)]
public sealed class ScreenshotTests(Chromium chromium)
{
    [Theory]
    [InlineData(1280, false)]
    [InlineData(1280, true)]
    [InlineData(360, false)]
    [InlineData(360, true)]
    public async Task Takes_a_picture_of_every_page(int width, bool dark)
    {
        var directory = Environment.GetEnvironmentVariable("PROVOST_SCREENSHOTS");
        Assert.SkipWhen(string.IsNullOrEmpty(directory), "extra: PROVOST_SCREENSHOTS names no directory");
        var look = $"{width}-{(dark ? "dark" : "light")}";
        Assert.SkipWhen(Environment.GetEnvironmentVariable("PROVOST_SCREENSHOTS_LOOKS") is { Length: > 0 } looks && !looks.Contains(look), $"extra: {look} was not asked for");
        var only = Environment.GetEnvironmentVariable("PROVOST_SCREENSHOTS_ONLY")?.Split(',');
        await using var host = await DevHost.StartAsync(BundleRoot.Find());
        var browser = chromium.Required();

        foreach (var group in Screen.All.Where(screen => only is null || only.Contains(screen.Name)).GroupBy(screen => screen.User))
        {
            await using var visitor = await Visitor.ArriveAsync(browser, host, width, dark: dark);
            if (group.Key != Screen.Nobody) await visitor.SignInAsync(group.Key);
            foreach (var screen in group)
            {
                await visitor.OpenAsync(screen.Path);
                await Task.Delay(200, TestContext.Current.CancellationToken);
                var path = Path.Combine(directory!, $"{screen.Name}-{look}.png");
                await visitor.Page.ScreenshotAsync(new() { Path = path, FullPage = true });
            }

            foreach (var complaint in visitor.Complaints) TestContext.Current.TestOutputHelper!.WriteLine(complaint);
        }

        Assert.NotEmpty(Directory.GetFiles(directory!, $"*-{look}.png"));
    }

    [Theory]
    [InlineData(1280, false)]
    [InlineData(360, true)]
    public async Task Takes_a_picture_of_what_has_no_address(int width, bool dark)
    {
        var directory = Environment.GetEnvironmentVariable("PROVOST_SCREENSHOTS");
        Assert.SkipWhen(string.IsNullOrEmpty(directory), "extra: PROVOST_SCREENSHOTS names no directory");
        var look = $"{width}-{(dark ? "dark" : "light")}";
        await using var host = await DevHost.StartAsync(BundleRoot.Find());
        await using var visitor = await Visitor.ArriveAsync(chromium.Required(), host, width, dark: dark);
        await visitor.SignInAsync("professor");

        await visitor.OpenAsync("/courses/statistics/import");
        await visitor.Page.Locator("input[type=file]").SetInputFilesAsync(
            new Microsoft.Playwright.FilePayload { Name = "grades.csv", MimeType = "text/csv", Buffer = "Student,Quiz 1\nAda,7\n"u8.ToArray() });
        await visitor.Page.GetByText("Nothing is saved yet.").WaitForAsync();
        await TakeAsync("import-preview");
        await visitor.Page.RouteAsync("**/overview", route => route.FulfillAsync(new() { ContentType = "application/json", Body = "{}" }));
        await visitor.OpenAsync("/courses/statistics");
        await TakeAsync("page-error");

        async Task TakeAsync(string name)
        {
            var path = Path.Combine(directory!, $"{name}-{look}.png");
            await visitor.Page.ScreenshotAsync(new() { Path = path, FullPage = true });
            Assert.True(new FileInfo(path).Length > 10_000);
        }
    }

    [Fact]
    public async Task Takes_the_picture_of_the_readme()
    {
        var directory = Environment.GetEnvironmentVariable("PROVOST_SCREENSHOTS");
        Assert.SkipWhen(string.IsNullOrEmpty(directory), "extra: PROVOST_SCREENSHOTS names no directory");
        await using var host = await DevHost.StartAsync(BundleRoot.Find());
        await using var visitor = await Visitor.ArriveAsync(chromium.Required(), host, 1280, 940);
        await visitor.SignInAsync("professor");
        await visitor.OpenAsync("/courses/statistics");

        var path = Path.Combine(directory!, "overview.png");
        await visitor.Page.Mouse.MoveAsync(5, 5);
        await visitor.Page.ScreenshotAsync(new() { Path = path });

        Assert.InRange(new FileInfo(path).Length, 20_000, 300_000);
    }
}
