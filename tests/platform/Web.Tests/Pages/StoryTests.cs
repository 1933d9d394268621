using System.Text;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using Provost.Web.DevServer;
using static Microsoft.Playwright.Assertions;

namespace Provost.Web.Tests.Pages;

/// <summary>What people do, in a real browser.</summary>
[Collection(PagesCollection.Name)]
public sealed class StoryTests(Chromium chromium)
{
    private const string Gradebook = "Student,Quiz 1,Quiz 2,Quiz 3\nAda,7,8,EX\nGrace,9,10,4\n";

    [Fact]
    public async Task With_the_keyboard_alone_from_signing_in_to_a_student()
    {
        await using var host = await DevHost.StartAsync(BundleRoot.Find());
        await using var visitor = await Visitor.ArriveAsync(chromium.Required(), host);
        var (page, keyboard) = (visitor.Page, visitor.Page.Keyboard);
        await visitor.OpenAsync("/sign-in");

        await TabToAsync(page, "#user");
        await keyboard.TypeAsync("professor");
        await keyboard.PressAsync("Tab");
        await keyboard.TypeAsync(DevAccounts.Password);
        await keyboard.PressAsync("Enter");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Courses", Level = 1 })).ToBeVisibleAsync();
        await TabToAsync(page, "a[href='courses/statistics']");
        await keyboard.PressAsync("Enter");
        await visitor.SettleAsync();
        await TabToAsync(page, "#capacity");
        await keyboard.PressAsync("ArrowRight");
        await Expect(page.Locator("#capacity")).ToHaveAttributeAsync("aria-valuetext", "20\u00a0%, 24\u00a0students");
        await TabToAsync(page, ".triage-who a");
        var name = await page.Locator(".triage-who a").First.TextContentAsync();
        await keyboard.PressAsync("Enter");

        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync(name!);
        Assert.Empty(visitor.Complaints);
    }

    [Fact]
    public async Task The_skip_link_leads_past_the_navigation_and_definitions_open_and_close_by_key()
    {
        await using var host = await DevHost.StartAsync(BundleRoot.Find());
        await using var visitor = await Visitor.ArriveAsync(chromium.Required(), host);
        await visitor.SignInAsync("professor");
        await visitor.OpenAsync("/courses/statistics");
        var page = visitor.Page;

        await page.Locator(".skip-link").FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("#content")).ToBeFocusedAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "What is “Risk”?" }).FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByText("A prompt to talk to somebody, not a verdict.")).ToBeVisibleAsync();
        Assert.Empty((await page.RunAxe()).Violations.Select(violation => $"{violation.Id}: {violation.Nodes[0].Html}"));
        await page.Keyboard.PressAsync("Escape");
        await Expect(page.GetByText("A prompt to talk to somebody, not a verdict.")).ToBeHiddenAsync();
    }

    [Fact]
    public async Task An_import_is_previewed_confirmed_and_seen_at_once_by_somebody_else()
    {
        var browser = chromium.Required();
        await using var host = await DevHost.StartAsync(BundleRoot.Find());
        await using var importer = await Visitor.ArriveAsync(browser, host);
        await using var watcher = await Visitor.ArriveAsync(browser, host);
        await importer.SignInAsync("professor");
        await watcher.SignInAsync("professor");
        await watcher.OpenAsync("/courses/statistics");
        await Expect(watcher.Page.GetByText("as of day 66")).ToBeVisibleAsync();
        await WaitForWatchesAsync(host, 1);
        await importer.OpenAsync("/courses/statistics/import");

        await importer.Page.Locator("input[type=file]").SetInputFilesAsync(
            new FilePayload { Name = "grades.csv", MimeType = "text/csv", Buffer = Encoding.UTF8.GetBytes(Gradebook) });
        await Expect(importer.Page.GetByText("Nothing is saved yet.")).ToBeVisibleAsync();
        await Expect(importer.Page.GetByText("a total that Canvas computed")).ToBeVisibleAsync();
        Assert.Empty((await importer.Page.RunAxe()).Violations);
        await importer.Page.GetByRole(AriaRole.Button, new() { Name = "Import 2\u00a0students" }).ClickAsync();
        await Expect(importer.Page.GetByRole(AriaRole.Heading, new() { Name = "Imported" })).ToBeVisibleAsync();
        Assert.Empty((await importer.Page.RunAxe()).Violations);

        await Expect(watcher.Page.GetByText("as of day 73")).ToBeVisibleAsync();
        await Expect(watcher.Page.GetByText("Updated just now")).ToBeVisibleAsync();
        Assert.Empty(importer.Complaints);
        Assert.Empty(watcher.Complaints);
    }

    [Fact]
    public async Task A_page_whose_server_leaves_comes_back_and_asks_for_what_it_missed()
    {
        await using var host = await DevHost.StartAsync(BundleRoot.Find());
        await using var visitor = await Visitor.ArriveAsync(chromium.Required(), host);
        await visitor.SignInAsync("professor");
        await visitor.OpenAsync("/courses/statistics");
        await WaitForWatchesAsync(host, 1);
        await host.Live.PublishAsync("statistics", 5, "import", "first.csv was imported");
        await Expect(visitor.Page.GetByText("Updated just now")).ToBeVisibleAsync();

        await host.Live.LeaveAsync(200, "0.2.0+next");
        await WaitForWatchesAsync(host, 2);

        Assert.Equal(("statistics", 1L), host.Live.Watches.Last());
        await Expect(visitor.Page.GetByText("A new release of Provost is running.")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_page_without_a_live_connection_asks_for_the_release_when_somebody_comes_back_to_it()
    {
        await using var host = await DevHost.StartAsync(BundleRoot.Find());
        await using var visitor = await Visitor.ArriveAsync(chromium.Required(), host);
        await visitor.SignInAsync("professor");
        await visitor.OpenAsync("/account");
        var offer = visitor.Page.GetByText("A new release of Provost is running.");

        await host.Live.LeaveAsync(200, "0.2.0+next");
        await visitor.SettleAsync();
        await Expect(offer).ToHaveCountAsync(0);
        await visitor.Page.EvaluateAsync("document.dispatchEvent(new Event('visibilitychange'))");

        await Expect(offer).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_file_that_is_no_gradebook_is_refused_in_words_and_another_can_be_chosen()
    {
        await using var host = await DevHost.StartAsync(BundleRoot.Find());
        await using var visitor = await Visitor.ArriveAsync(chromium.Required(), host);
        await visitor.SignInAsync("professor");
        await visitor.OpenAsync("/courses/statistics/import");

        await visitor.Page.Locator("input[type=file]").SetInputFilesAsync(
            new FilePayload { Name = "holiday.jpg", MimeType = "image/jpeg", Buffer = [1, 2, 3] });

        await Expect(visitor.Page.GetByText("holiday.jpg is not a gradebook")).ToBeVisibleAsync();
        await Expect(visitor.Page.Locator("input[type=file]")).ToBeEnabledAsync();
    }

    [Fact]
    public async Task A_link_signs_in_once_by_a_press_and_says_when_it_is_used_or_expired()
    {
        await using var host = await DevHost.StartAsync(BundleRoot.Find());
        await using var visitor = await Visitor.ArriveAsync(chromium.Required(), host);
        var page = visitor.Page;
        var button = page.GetByRole(AriaRole.Button, new() { Name = "Sign in", Exact = true });
        await visitor.OpenAsync("/sign-in/expired");
        await button.ClickAsync();
        await Expect(page.GetByText("The link has expired")).ToBeVisibleAsync();
        await visitor.OpenAsync("/sign-in/newcomer-link");
        Assert.False(host.State.UsedLinks.ContainsKey("newcomer-link"));
        await button.ClickAsync();
        await Expect(page.GetByText("Set a password now")).ToBeVisibleAsync();

        await page.GetByLabel("New password").FillAsync("short");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save the password" }).ClickAsync();
        await Expect(page.Locator("#new")).ToHaveAttributeAsync("aria-invalid", "true");
    }

    [Fact]
    public async Task An_administrator_adds_an_account_in_a_dialog_that_keeps_the_focus_and_shows_the_link_once()
    {
        await using var host = await DevHost.StartAsync(BundleRoot.Find());
        await using var visitor = await Visitor.ArriveAsync(chromium.Required(), host);
        await visitor.SignInAsync("admin");
        await visitor.OpenAsync("/admin/accounts");
        var page = visitor.Page;

        await page.GetByRole(AriaRole.Button, new() { Name = "Add an account" }).ClickAsync();
        await page.GetByLabel("Account name").FillAsync("grace");
        Assert.Empty((await page.RunAxe()).Violations.Select(violation => $"{violation.Id}: {violation.Nodes[0].Html}"));
        await page.GetByLabel("Course", new() { Exact = true }).FillAsync("Introduction to Statistics");
        for (var presses = 0; presses < 12; presses++) await page.Keyboard.PressAsync("Tab");
        Assert.True(await page.EvaluateAsync<bool>("() => document.activeElement.closest('.mud-dialog') !== null"));
        await page.GetByRole(AriaRole.Button, new() { Name = "Add and make a link" }).ClickAsync();

        await Expect(page.GetByRole(AriaRole.Textbox, new() { Name = "Sign-in link" })).ToHaveValueAsync($"{host.Url}/sign-in/grace-link");
        await page.GetByRole(AriaRole.Button, new() { Name = "Close" }).Last.ClickAsync();
        await Expect(page.GetByRole(AriaRole.Rowheader, new() { Name = "grace" })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Dark_and_light_are_remembered_and_signing_out_leads_to_the_door()
    {
        await using var host = await DevHost.StartAsync(BundleRoot.Find());
        await using var visitor = await Visitor.ArriveAsync(chromium.Required(), host);
        await visitor.SignInAsync("student");
        var page = visitor.Page;

        await page.GetByRole(AriaRole.Button, new() { Name = "Account and appearance: student" }).ClickAsync();
        await page.GetByLabel("Dark").CheckAsync(new() { Force = true });
        await Expect(page.Locator("html")).ToHaveAttributeAsync("data-theme", "dark");
        await page.ReloadAsync();
        await visitor.SettleAsync();
        await Expect(page.Locator("html")).ToHaveAttributeAsync("data-theme", "dark");
        await page.GetByRole(AriaRole.Button, new() { Name = "Account and appearance: student" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();

        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Sign in", Level = 1 })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_student_plays_through_what_is_left_and_nothing_is_sent()
    {
        await using var host = await DevHost.StartAsync(BundleRoot.Find());
        await using var visitor = await Visitor.ArriveAsync(chromium.Required(), host);
        await visitor.SignInAsync("student");
        await visitor.OpenAsync("/courses/statistics");
        var page = visitor.Page;
        // The question which release answers follows the live connection whenever that comes about, and says nothing of what is typed.
        List<string> requests = [];
        page.Request += (_, request) =>
        {
            if (request.PostData is not null || request.Url != $"{host.Url}/api/session") requests.Add($"{request.Method} {request.Url}");
        };
        var before = await page.Locator(".what-if .row-between").TextContentAsync();

        await page.Locator(".what-if-rows input").Last.FillAsync("100");

        await Expect(page.Locator(".what-if .row-between")).Not.ToHaveTextAsync(before!);
        Assert.Empty(requests);
    }

    private static async Task TabToAsync(IPage page, string selector)
    {
        for (var presses = 0; presses < 40; presses++)
        {
            await page.Keyboard.PressAsync("Tab");
            if (await page.EvaluateAsync<bool>("selector => document.activeElement?.matches(selector) ?? false", selector)) return;
        }

        Assert.Fail($"{selector} cannot be reached with the Tab key");
    }

    private static async Task WaitForWatchesAsync(DevHost host, int count)
    {
        for (var tries = 0; tries < 200 && host.Live.Watches.Count < count; tries++) await Task.Delay(100);
        Assert.True(host.Live.Watches.Count >= count, "the page did not connect");
    }
}
