using System.Text.Json;
using Provost.Contracts;
using Provost.Harness;

namespace Provost.Stories.Backups;

/// <summary>A destroyed installation comes back from a repository and a recovery kit, with everything that was acknowledged.</summary>
public sealed class BackupStory(ITestOutputHelper output)
{
    private const string Course = "MATH 101";

    [Fact]
    public async Task An_empty_machine_a_repository_and_the_kit_are_enough()
    {
        await using var lost = await Installation.StartAsync();
        await ImportAsync(lost, revision: 0);
        using var professor = await lost.SignInAsync("ada", "professor", Course);
        using var admin = await lost.SignInAsync("root-admin", "admin");
        var created = await lost.JsonAsync("backup", "create");
        await EraseAsync(admin, "u7");
        Assert.Equal(1, (await lost.JsonAsync("backup", "erasures")).GetProperty("erasures").GetInt32());
        Assert.Equal(0, (await lost.JsonAsync("backup", "erasures")).GetProperty("places")[0].GetProperty("newBytes").GetInt64());
        (await lost.RunAsync("backup", "verify")).MustSucceed();
        var (course, before) = await OverviewAsync(professor);
        Assert.Equal(["id", "bytes", "newBytes", "seconds", "writeStallMs"], created.EnumerateObject().Select(p => p.Name).Take(5));
        var kit = Path.Combine(lost.Directory, "kit.txt");
        await File.WriteAllTextAsync(kit, (await lost.RunAsync("recovery-kit", "create")).MustSucceed().Output, TestContext.Current.CancellationToken);
        var repository = Path.Combine(Directory.CreateTempSubdirectory("provost-moved-").FullName, "repository");
        (await lost.RunAsync("down")).MustSucceed();
        Directory.Move(Path.Combine(lost.Directory, ".provost-backups/local"), repository);
        Directory.Delete(lost.StateDirectory, recursive: true);

        var elsewhere = Directory.CreateTempSubdirectory("provost-empty-").FullName;
        var into = Path.Combine(elsewhere, "restored");
        Assert.True((await AtAsync(elsewhere, "recovery-kit", "check", kit, "--from", repository))[0].GetProperty("opens").GetBoolean());
        Assert.Equal(created.GetProperty("id").GetString(), (await AtAsync(elsewhere, "backup", "list", "--from", repository, "--kit", kit))[0].GetProperty("id").GetString());
        Assert.True((await AtAsync(elsewhere, "backup", "verify", "--from", repository, "--kit", kit)).GetProperty("passed").GetBoolean());
        var restored = (await Command.ProvostAsync(elsewhere, TimeSpan.FromMinutes(3), "restore", "--into", into, "--from", repository, "--kit", kit, "--json")).MustSucceed().Json;

        Assert.True(restored.GetProperty("digestsEqual").GetBoolean());
        Assert.Equal(1, restored.GetProperty("erasuresReplayed").GetInt32());
        output.WriteLine($"restored in {restored.GetProperty("seconds").GetDouble():0.0} s");
        (await Command.ProvostAsync(into, TimeSpan.FromMinutes(8), "up", "-d", "--no-demo")).MustSucceed();
        try
        {
            // The session cookie of before still signs in: keys of the platform are data too.
            Assert.Equal(JsonSerializer.Serialize(before.Assessments), JsonSerializer.Serialize((await professor.GetAsync<CourseOverview>($"api/courses/{course}/overview")).Assessments));
            (await Command.ProvostAsync(into, TimeSpan.FromMinutes(1), "ledger", "verify")).MustSucceed();
        }
        finally
        {
            (await Command.ProvostAsync(into, TimeSpan.FromMinutes(2), "down")).MustSucceed();
            Directory.Delete(elsewhere, recursive: true);
            Directory.Delete(Path.GetDirectoryName(repository)!, recursive: true);
        }
    }

    [Fact]
    public async Task A_restore_over_a_living_site_needs_to_be_told_keeps_what_was_there_and_erases_again_who_was_erased()
    {
        await using var site = await Installation.StartAsync();
        await ImportAsync(site, revision: 0);
        using var professor = await site.SignInAsync("ada", "professor", Course);
        using var admin = await site.SignInAsync("root-admin", "admin");
        var (course, before) = await OverviewAsync(professor);
        var id = (await site.JsonAsync("backup", "create")).GetProperty("id").GetString()!;
        await EraseAsync(admin, "u7");
        await ImportAsync(site, revision: 3);

        Assert.Equal(8, (await site.RunAsync("restore", id)).ExitCode);
        var restored = await site.JsonAsync("restore", id, "--replace");
        await site.UpAsync();

        Assert.Equal(1, restored.GetProperty("erasuresReplayed").GetInt32());
        Assert.True(Directory.Exists(restored.GetProperty("setAside").GetString()));
        var after = await professor.GetAsync<CourseOverview>($"api/courses/{course}/overview");
        Assert.Equal(before.Course.Students - 1, after.Course.Students);
    }

    [Fact]
    public async Task The_rehearsal_of_a_recovery_measures_it_and_stands_in_the_ledger()
    {
        await using var site = await Installation.StartAsync();
        await ImportAsync(site, revision: 0);

        var drill = await site.JsonAsync("drill", "restore");

        Assert.True(drill.GetProperty("passed").GetBoolean(), drill.ToString());
        Assert.True(drill.GetProperty("digestsEqual").GetBoolean());
        Assert.Equal(0, drill.GetProperty("lostWrites").GetInt64());
        // The phases follow one another: none is counted twice.
        var phases = drill.GetProperty("phases").EnumerateArray().ToList();
        Assert.Equal(["open", "check", "files", "stores", "erasures", "stop", "sync", "swap", "start", "answer"], phases.Select(p => p.GetProperty("name").GetString()));
        Assert.All(phases, p => Assert.True(p.GetProperty("seconds").GetDouble() >= 0, p.ToString()));
        Assert.True(phases.Sum(p => p.GetProperty("seconds").GetDouble()) <= drill.GetProperty("rtoSeconds").GetDouble() + 0.1, drill.ToString());
        output.WriteLine(drill.ToString());
        Assert.Contains("drill restore", (await site.RunAsync("drill", "report")).MustSucceed().Output, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateDirectories(site.Directory, ".provost-drill-*"));
    }

    private static async Task<JsonElement> AtAsync(string folder, params string[] arguments) =>
        (await Command.ProvostAsync(folder, TimeSpan.FromMinutes(2), [.. arguments, "--json"])).MustSucceed().Json;

    private static async Task ImportAsync(Installation site, int revision)
    {
        var file = Path.Combine(site.Directory, "gradebook.csv");
        await File.WriteAllTextAsync(file, SeededGradebook.Canvas(40, 8, revision: revision), TestContext.Current.CancellationToken);
        (await site.RunAsync("import", file, "--course", Course)).MustSucceed();
    }

    private static async Task<(string Course, CourseOverview Overview)> OverviewAsync(Session professor)
    {
        var course = (await professor.GetAsync<CourseSummary[]>("api/courses"))[0].Id;
        return (course, await professor.GetAsync<CourseOverview>($"api/courses/{course}/overview"));
    }

    private static async Task EraseAsync(Session admin, string subject)
    {
        using var erased = await admin.Http.PostAsync("api/admin/erasures", JsonContent(new { subject, course = (string?)null }), TestContext.Current.CancellationToken);
        Assert.True(erased.IsSuccessStatusCode, await erased.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    private static StringContent JsonContent<T>(T value) => new(JsonSerializer.Serialize(value), System.Text.Encoding.UTF8, "application/json");
}
