using System.Diagnostics;
using System.Text.Json;
using Provost.Contracts;
using Provost.Harness;
using Provost.Runbooks.Backups;

namespace Provost.Stories.Backups;

/// <summary>kill -9 of the tool at any moment of a backup, a prune or a restore loses nothing and breaks nothing.</summary>
public sealed class KillStory(ITestOutputHelper output)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private const string Course = "MATH 101";

    private static int Rounds => Repository.Soak ? 300 : 9;

    [Fact]
    public async Task Every_listed_backup_restores_and_live_data_stay_when_the_tool_is_killed()
    {
        await using var installation = await Installation.StartAsync(extraKeys: "    backup: { keep: { last: 2, daily: 0, weekly: 0, monthly: 0, yearly: 0 } }");
        using var professor = await installation.SignInAsync("ada", "professor", Course);
        var random = new Random(11);
        var (killed, into) = (0, Path.Combine(installation.Directory, "into"));
        (await installation.RunAsync("backup", "create")).MustSucceed();

        for (var round = 0; round < Rounds; round++)
        {
            var file = Path.Combine(installation.Directory, "gradebook.csv");
            await File.WriteAllTextAsync(file, SeededGradebook.Canvas(30, 6, revision: round), Stop);
            (await installation.RunAsync("import", file, "--course", Course)).MustSucceed();
            var before = await OverviewAsync(professor);

            string[] verb = (round % 3) switch { 0 => ["backup", "create"], 1 => ["backup", "prune", "--yes"], _ => ["restore", "--into", into] };
            killed += await KilledAsync(installation.Directory, verb, random.Next(30, round % 3 == 1 ? 600 : 2600)) ? 1 : 0;

            Assert.Equal(before, await OverviewAsync(professor));
            await MustListOnlyWholeAsync(installation);
            if (Directory.Exists(into))
            {
                Directory.Delete(into, recursive: true);
            }
        }

        (await installation.RunAsync("backup", "create")).MustSucceed();
        (await installation.RunAsync("backup", "verify", "--restore")).MustSucceed();
        await MustAllRestoreAsync(installation);
        output.WriteLine($"{Rounds} rounds, the tool was killed at work in {killed} of them");
        Assert.True(killed >= Rounds / 2, $"killed in only {killed} of {Rounds} rounds: the story proves little");
    }

    private static async Task MustListOnlyWholeAsync(Installation installation)
    {
        var verified = await installation.RunAsync("backup", "verify", "--json");
        Assert.True(verified.ExitCode == 0, verified.ToString());
    }

    private static async Task MustAllRestoreAsync(Installation installation)
    {
        var site = Links.Site(installation);
        using var repositories = await OpenedRepositories.OpenAsync(site, site.Places(), null, Stop);
        var repository = repositories.Opened[0].Repository;
        foreach (var backup in repository.Catalog.Backups)
        {
            Assert.Empty((await Links.FollowAsync(site, repository, backup.Id, Path.Combine(installation.Directory, "proof"))).Broken);
        }
    }

    private static async Task<string> OverviewAsync(Session professor)
    {
        var course = (await professor.GetAsync<CourseSummary[]>("api/courses"))[0].Id;
        return JsonSerializer.Serialize((await professor.GetAsync<CourseOverview>($"api/courses/{course}/overview")).Assessments);
    }

    /// <returns>Whether it was still at work.</returns>
    private static async Task<bool> KilledAsync(string directory, string[] arguments, int afterMilliseconds)
    {
        var start = new ProcessStartInfo(Path.Combine(Repository.Root, "provost"), arguments)
        {
            WorkingDirectory = directory,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var said = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await Task.Delay(afterMilliseconds);
        var works = !process.HasExited;
        process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync();
        await Task.WhenAll(said.Item1, said.Item2);
        return works;
    }
}
