using System.Collections.Concurrent;
using Microsoft.Playwright;
using Provost.Harness;
using Provost.Stories.Harness;
using Provost.Stories.Newcomer;
using static Microsoft.Playwright.Assertions;

namespace Provost.Stories.Deployments;

/// <summary>A page that was opened before a deployment, in a real browser: it works on, and offers to reload.</summary>
public sealed class PageStory(RunningInstallation running, Chromium chromium, ITestOutputHelper output) : IClassFixture<RunningInstallation>, IClassFixture<Chromium>
{
    private const string Course = "MATH 101";
    private const float Patience = 60_000;

    private readonly Installation installation = running.Installation;
    private readonly ConcurrentQueue<string> refused = [];

    [Fact]
    public async Task Pages_that_stay_open_over_a_deployment_work_on_and_offer_to_reload()
    {
        var file = Path.Combine(installation.Directory, "gradebook.csv");
        await File.WriteAllTextAsync(file, SeededGradebook.Canvas(20, 10), TestContext.Current.CancellationToken);
        var course = (await installation.JsonAsync("import", file, "--course", Course)).GetProperty("course").GetString()!;
        await using var watcher = await ArriveAsync("ada");
        await watcher.OpenAsync($"/courses/{course}");
        await Expect(watcher.Page.Locator(".triage-who a").First).ToBeVisibleAsync(new() { Timeout = Patience });
        await using var idle = await ArriveAsync("grace");
        await idle.OpenAsync("/account");
        await Expect(Offer(watcher)).ToHaveCountAsync(0);

        var next = await ReleaseForge.WithOtherFilesAsync(installation, "7.3.0");
        (await Command.ProvostAsync(installation.Directory, TimeSpan.FromMinutes(5), "deploy", next, "--no-backup")).MustSucceed();

        // The live connection was moved to the new release.
        await Expect(Offer(watcher)).ToBeVisibleAsync(new() { Timeout = Patience });
        await watcher.Page.Locator(".triage-who a").First.ClickAsync();
        await watcher.SettleAsync();
        await Expect(watcher.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync("Sample", new() { Timeout = Patience });
        // This page has none: it asks when somebody comes back to it.
        await Expect(Offer(idle)).ToHaveCountAsync(0);
        await idle.Page.EvaluateAsync("document.dispatchEvent(new Event('visibilitychange'))");
        await Expect(Offer(idle)).ToBeVisibleAsync(new() { Timeout = Patience });

        var before = await ScriptsAsync(idle);
        await idle.Page.GetByRole(AriaRole.Button, new() { Name = "Reload" }).ClickAsync();
        await idle.SettleAsync();
        await Expect(Offer(idle)).ToHaveCountAsync(0, new() { Timeout = Patience });
        Assert.NotEqual(before, await ScriptsAsync(idle));

        output.WriteLine(string.Join('\n', watcher.Complaints.Concat(idle.Complaints)));
        Assert.Empty(refused);
    }

    private static ILocator Offer(Person person) => person.Page.GetByText("A new release of Provost is running.");

    private static Task<string> ScriptsAsync(Person person) => person.Page.EvaluateAsync<string>("[...document.scripts].map(script => script.src).join(' ')");

    private async Task<Person> ArriveAsync(string user)
    {
        var added = await installation.JsonAsync("user", "add", user, "--role", "professor", "--course", Course);
        var person = await Person.ArriveAsync(chromium.Browser, added.GetProperty("signInUrl").GetString()!);
        person.Page.PageError += (_, error) => refused.Enqueue(error);
        person.Page.Response += (_, response) =>
        {
            if (response.Status >= 400)
                refused.Enqueue($"{response.Status} {response.Url}");
        };
        return person;
    }
}
