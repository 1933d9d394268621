using System.Collections.Concurrent;
using Microsoft.Playwright;
using Provost.Harness;
using Provost.Stories.Harness;
using Provost.Stories.Newcomer;
using static Microsoft.Playwright.Assertions;

namespace Provost.Stories.Deployments;

/// <summary>Two real releases, the earlier one built from the history: a page of each works with the server of the other.</summary>
public sealed class NeighbourStory(RunningInstallation running, Chromium chromium, ITestOutputHelper output) : IClassFixture<RunningInstallation>, IClassFixture<Chromium>
{
    /// <summary>What counts as the release before this one; with each release, its commit.</summary>
    private const string Earlier = "2a7972a23691965209d869484f1af4119a7c4853";
    private const string Course = "MATH 101";
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(20);

    private readonly Installation installation = running.Installation;
    private readonly ConcurrentQueue<string> refused = [];

    [Fact]
    public async Task Pages_of_two_releases_work_with_the_servers_of_both()
    {
        Assert.SkipUnless(Repository.Soak, "extra: the soak builds a second release from the history");
        Assert.SkipUnless((await GitAsync("cat-file", "-e", Earlier)).ExitCode == 0, "extra: this checkout has no history");
        var present = (await installation.JsonAsync("status")).GetProperty("release").GetString()!;
        var earlier = await BuildEarlierAsync();
        var file = Path.Combine(installation.Directory, "gradebook.csv");
        await File.WriteAllTextAsync(file, SeededGradebook.Canvas(20, 10), TestContext.Current.CancellationToken);
        var course = (await installation.JsonAsync("import", file, "--course", Course)).GetProperty("course").GetString()!;

        await using var ofPresent = await ArriveAsync("ada", course);
        await DeployAsync(earlier);
        await LookAroundAsync(ofPresent, course);
        await using var ofEarlier = await ArriveAsync("grace", course);
        await DeployAsync(present);
        await LookAroundAsync(ofEarlier, course);

        Assert.Empty(refused);
        var drill = await Command.ProvostAsync(installation.Directory, Limit, "drill", "deploy", "--between", earlier, "--rounds", "2", "--rate", "60", "--sessions", "40", "--json");
        output.WriteLine(drill.ToString());
        foreach (var promised in (string[])["failed", "lost", "duplicated", "sessionsCut", "messagesMissed", "messagesRepeated", "assetErrors"])
            Assert.True(drill.Json.GetProperty(promised).GetInt64() == 0, $"{promised}: {drill}");
    }

    private async Task<string> BuildEarlierAsync()
    {
        var folder = Path.Combine(Path.GetTempPath(), $"provost-earlier-{Guid.NewGuid():N}");
        (await GitAsync("worktree", "add", "--detach", folder, Earlier)).MustSucceed();
        try
        {
            var made = (await Command.RunAsync(Path.Combine(folder, "provost"), installation.Directory, Limit, "release", "create", "--version", "0.0.1", "--json")).MustSucceed();
            return made.Json.GetProperty("release").GetString()!;
        }
        finally
        {
            (await GitAsync("worktree", "remove", "--force", folder)).MustSucceed();
        }
    }

    private async Task DeployAsync(string release) =>
        (await Command.ProvostAsync(installation.Directory, Limit, "deploy", release, "--no-backup")).MustSucceed();

    // Without loading the page anew.
    private static async Task LookAroundAsync(Person person, string course)
    {
        foreach (var place in (string[])["items", "distributions", "settings", "import", ""])
        {
            await person.Page.EvaluateAsync($"Blazor.navigateTo('/courses/{course}/{place}')");
            await person.SettleAsync();
        }
        await Expect(person.Page.Locator(".triage-who a").First).ToBeVisibleAsync(new() { Timeout = 60_000 });
    }

    private async Task<Person> ArriveAsync(string user, string course)
    {
        var added = await installation.JsonAsync("user", "add", user, "--role", "professor", "--course", Course);
        var person = await Person.ArriveAsync(chromium.Browser, added.GetProperty("signInUrl").GetString()!);
        person.Page.PageError += (_, error) => refused.Enqueue(error);
        person.Page.Response += (_, response) =>
        {
            if (response.Status >= 400)
                refused.Enqueue($"{response.Status} {response.Url}");
        };
        await person.OpenAsync($"/courses/{course}");
        return person;
    }

    private static Task<CommandResult> GitAsync(params string[] arguments) => Command.RunAsync("git", Repository.Root, Limit, arguments);
}
