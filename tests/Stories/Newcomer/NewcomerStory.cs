using Microsoft.Playwright;
using Provost.Contracts;
using Provost.Harness;
using Provost.Stories.Harness;
using static Microsoft.Playwright.Assertions;

namespace Provost.Stories.Newcomer;

/// <summary>What a newcomer does: up, import, open the page, see who needs help. Every role signs in, in a real browser.</summary>
public sealed class NewcomerStory(Chromium chromium) : IClassFixture<Chromium>
{
    private const string Course = "MATH 101";

    [Fact]
    public async Task A_professor_sees_who_needs_help_and_an_open_page_follows_an_import()
    {
        await using var installation = await Installation.StartAsync();
        var file = await WriteGradebookAsync(installation, revision: 0);
        var first = await installation.JsonAsync("import", file, "--course", Course);
        Assert.Equal(60, first.GetProperty("students").GetInt32());
        Assert.True(first.GetProperty("changed").GetBoolean());
        Assert.False((await installation.JsonAsync("import", file, "--course", Course)).GetProperty("changed").GetBoolean());
        var course = first.GetProperty("course").GetString()!;

        await using var importer = await ArriveAsync(installation, "ada", "professor");
        await using var watcher = await ArriveAsync(installation, "grace", "professor");
        await watcher.OpenAsync($"/courses/{course}");
        await Expect(watcher.Page.Locator(".triage-who a").First).ToBeVisibleAsync();
        Assert.Empty(await watcher.AccessibilityProblemsAsync());

        await importer.OpenAsync($"/courses/{course}/items");
        Assert.Empty(await importer.AccessibilityProblemsAsync());
        await importer.OpenAsync($"/courses/{course}/import");
        Assert.Empty(await importer.AccessibilityProblemsAsync());
        await importer.Page.Locator("input[type=file]").SetInputFilesAsync(await WriteGradebookAsync(installation, revision: 3));
        await Expect(importer.Page.GetByText("Nothing is saved yet.")).ToBeVisibleAsync();
        Assert.Empty(await importer.AccessibilityProblemsAsync());
        await importer.Page.GetByRole(AriaRole.Button, new() { Name = "Import 60" }).ClickAsync();
        await Expect(importer.Page.GetByRole(AriaRole.Heading, new() { Name = "Imported" })).ToBeVisibleAsync(new() { Timeout = 30_000 });

        await Expect(watcher.Page.GetByText("Updated just now")).ToBeVisibleAsync(new() { Timeout = 30_000 });
        await watcher.PictureAsync("overview-updated");
        await watcher.Page.Locator(".triage-who a").First.ClickAsync();
        await watcher.SettleAsync();
        await Expect(watcher.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync("Sample");
        Assert.Empty(await watcher.AccessibilityProblemsAsync());
        Assert.Empty(importer.Complaints);
        Assert.Empty(watcher.Complaints);

        // The edge's own page, which stands in for the application.
        (await installation.RunAsync("maintenance", "on")).MustSucceed();
        await watcher.Page.GotoAsync(installation.Url.AbsoluteUri);
        await Expect(watcher.Page.GetByRole(AriaRole.Main)).ToContainTextAsync("Provost is being maintained");
        Assert.Empty(await watcher.AccessibilityProblemsAsync());
        await watcher.PictureAsync("maintenance");
    }

    [Fact]
    public async Task The_demonstration_course_greets_every_role_with_its_own_page()
    {
        await using var installation = await Installation.StartAsync(demonstration: true);
        Assert.Contains("sign-in/", installation.FirstUp!.Output, StringComparison.Ordinal);
        using var professor = await installation.SignInAsync("probe", "professor", "Demonstration 101");
        var course = Assert.Single(await professor.GetAsync<CourseSummary[]>("api/courses"));
        Assert.True(course.Demonstration);
        Assert.InRange(course.Students, 100, 140);
        Assert.Equal(24, course.Assessments);

        foreach (var (role, path, sees) in new[]
        {
            ("professor", $"/courses/{course.Id}", "Who needs help"),
            ("ta", $"/courses/{course.Id}", "What to grade"),
            ("student", $"/courses/{course.Id}", "What do I need?"),
            ("admin", "/admin", "Health"),
        })
        {
            string[] scope = role switch { "ta" => ["--section", "A"], "student" => ["--student", "demo-003"], _ => [] };
            await using var person = await ArriveAsync(installation, $"story-{role}", role, course.Name, scope);
            await person.OpenAsync(path);
            await Expect(person.Page.GetByText(sees).First).ToBeVisibleAsync();
            Assert.Empty(await person.AccessibilityProblemsAsync());
            Assert.Empty(person.Complaints);
            await person.PictureAsync($"demonstration-{role}");
        }
    }

    private async Task<Person> ArriveAsync(Installation installation, string user, string role, string course = Course, params string[] more)
    {
        string[] place = role == "admin" ? [] : ["--course", course];
        var added = await installation.JsonAsync(["user", "add", user, "--role", role, .. place, .. more]);
        return await Person.ArriveAsync(chromium.Browser, added.GetProperty("signInUrl").GetString()!);
    }

    private static async Task<string> WriteGradebookAsync(Installation installation, int revision)
    {
        var file = Path.Combine(installation.Directory, "gradebook.csv");
        await File.WriteAllTextAsync(file, SeededGradebook.Canvas(60, 10, revision: revision));
        return file;
    }
}
