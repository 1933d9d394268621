using Microsoft.Playwright;
using Provost.Web.DevServer;
using static Microsoft.Playwright.Assertions;

namespace Provost.Web.Tests.Pages;

/// <summary>What becomes of a page that stays open: news, failures, and errors of its own.</summary>
[Collection(PagesCollection.Name)]
public sealed class OpenPageTests(Chromium chromium)
{
    [Fact]
    public async Task A_page_opened_after_a_change_does_not_take_that_change_for_news()
    {
        await using var host = await DevHost.StartAsync(BundleRoot.Find());
        await using var visitor = await Visitor.ArriveAsync(chromium.Required(), host);
        await host.Live.PublishAsync("statistics", 4, "settings", "The course's rules were changed");
        await host.Live.PublishAsync("statistics", 5, "erasure", "A student's data were erased");
        await visitor.SignInAsync("professor");
        var loads = 0;
        visitor.Page.Request += (_, request) => loads += request.Url.EndsWith("/overview", StringComparison.Ordinal) ? 1 : 0;

        await visitor.OpenAsync("/courses/statistics");
        await Expect(visitor.Page.GetByText("as of day 66")).ToBeVisibleAsync();
        await WaitForWatchAsync(host);
        await host.Live.PublishAsync("statistics", 6, "import", "Marks were imported");

        // Messages keep their order: when the new one is seen, the old one was passed over.
        await Expect(visitor.Page.GetByText("Updated just now: Marks were imported")).ToBeVisibleAsync();
        await visitor.SettleAsync();
        Assert.Equal(2, loads);
        Assert.Empty(visitor.Complaints);
    }

    [Fact]
    public async Task What_was_entered_stays_when_the_news_cannot_be_loaded()
    {
        await using var host = await DevHost.StartAsync(BundleRoot.Find());
        await using var visitor = await Visitor.ArriveAsync(chromium.Required(), host);
        await visitor.SignInAsync("student");
        await visitor.OpenAsync("/courses/statistics");
        await WaitForWatchAsync(host);
        var page = visitor.Page;
        await page.Locator(".what-if-rows input").Last.FillAsync("97");
        await Expect(page.Locator(".what-if-rows output").Last).ToHaveTextAsync("97\u00a0%");

        await page.RouteAsync("**/api/courses", route => route.FulfillAsync(new() { Status = 503 }));
        await host.Live.PublishAsync("statistics", 5, "settings", "The course's rules were changed");
        await Expect(page.GetByText("what you see was loaded before")).ToBeVisibleAsync();
        await Expect(page.Locator(".what-if-rows output").Last).ToHaveTextAsync("97\u00a0%");

        await page.UnrouteAsync("**/api/courses");
        await page.GetByRole(AriaRole.Button, new() { Name = "Try again" }).ClickAsync();
        await Expect(page.GetByText("what you see was loaded before")).ToBeHiddenAsync();
        await Expect(page.Locator(".what-if-rows output").Last).ToHaveTextAsync("97\u00a0%");
    }

    [Fact]
    public async Task An_error_of_a_page_leaves_the_rest_standing_and_the_page_can_be_shown_again()
    {
        await using var host = await DevHost.StartAsync(BundleRoot.Find());
        await using var visitor = await Visitor.ArriveAsync(chromium.Required(), host);
        await visitor.SignInAsync("professor");
        var page = visitor.Page;
        await page.RouteAsync("**/overview", route => route.FulfillAsync(new() { ContentType = "application/json", Body = "{}" }));

        await visitor.OpenAsync("/courses/statistics");

        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Something went wrong on this page" })).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Account and appearance: professor" })).ToBeVisibleAsync();
        await Expect(page.Locator("#blazor-error-ui")).ToBeHiddenAsync();
        await page.UnrouteAsync("**/overview");
        await page.GetByRole(AriaRole.Button, new() { Name = "Show the page again" }).ClickAsync();
        await Expect(page.GetByText("as of day 66")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Without_a_clipboard_a_link_is_copied_by_hand()
    {
        await using var host = await DevHost.StartAsync(BundleRoot.Find());
        await using var visitor = await Visitor.ArriveAsync(chromium.Required(), host);
        var page = visitor.Page;
        // What a browser does on plain HTTP anywhere but on localhost.
        await page.AddInitScriptAsync("Object.defineProperty(navigator, 'clipboard', { value: undefined })");
        await visitor.SignInAsync("admin");
        await visitor.OpenAsync("/admin/accounts");
        await page.GetByRole(AriaRole.Button, new() { Name = "New link" }).First.ClickAsync();

        await page.GetByRole(AriaRole.Button, new() { Name = "Copy", Exact = true }).ClickAsync();

        await Expect(page.GetByText("copy it by hand")).ToBeVisibleAsync();
        Assert.Empty(visitor.Complaints);
    }

    [Fact]
    public async Task A_teaching_assistant_sees_the_courses_capacity_and_how_far_to_trust_the_list()
    {
        await using var host = await DevHost.StartAsync(BundleRoot.Find());
        await using var visitor = await Visitor.ArriveAsync(chromium.Required(), host);
        await visitor.SignInAsync("ta");
        await visitor.OpenAsync("/courses/statistics");

        await Expect(visitor.Page.Locator("#capacity")).ToHaveValueAsync("15");
        await Expect(visitor.Page.GetByRole(AriaRole.Heading, new() { Name = "How far to trust the list" })).ToBeVisibleAsync();
        await Expect(visitor.Page.GetByRole(AriaRole.Columnheader, new() { Name = "ECE" })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task With_a_first_day_the_work_of_a_student_is_due_on_dates()
    {
        await using var host = await DevHost.StartAsync(BundleRoot.Find());
        await using var visitor = await Visitor.ArriveAsync(chromium.Required(), host);
        await visitor.SignInAsync("professor");
        await visitor.OpenAsync("/courses/statistics/students/s003");

        await Expect(visitor.Page.Locator(".student-work tbody td.nowrap").First).ToHaveTextAsync(
            new System.Text.RegularExpressions.Regex("^[A-Z][a-z]{2} \\d+ (Sep|Oct|Nov|Dec)$"));
    }

    [Fact]
    public async Task A_student_is_shown_no_median_of_the_class_even_with_a_band()
    {
        await using var host = await DevHost.StartAsync(BundleRoot.Find());
        await using var visitor = await Visitor.ArriveAsync(chromium.Required(), host);
        await visitor.SignInAsync("student");
        await visitor.OpenAsync("/courses/statistics");
        await visitor.Page.GetByLabel("Show me my third of the class").CheckAsync(new() { Force = true });

        await Expect(visitor.Page.GetByText("You are in the middle third of the class.")).ToBeVisibleAsync();
        await Expect(visitor.Page.GetByText("Class median")).ToHaveCountAsync(0);
    }

    private static async Task WaitForWatchAsync(DevHost host)
    {
        for (var tries = 0; tries < 200 && host.Live.Watches.IsEmpty; tries++) await Task.Delay(100);
        Assert.NotEmpty(host.Live.Watches);
    }
}
