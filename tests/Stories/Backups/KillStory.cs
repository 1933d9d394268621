using System.Diagnostics;
using System.Text.Json;
using Provost.Contracts;
using Provost.Harness;
using Provost.Runbooks.Backups;

namespace Provost.Stories.Backups;

/// <summary>kill -9 of the tool at any moment of a backup, a prune or a restore loses nothing, breaks nothing and leaves nothing running.</summary>
public sealed class KillStory(ITestOutputHelper output)
{
    private const string Course = "MATH 101";

    private static readonly TimeSpan OrphanLimit = TimeSpan.FromSeconds(20);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static int Rounds => Repository.Soak ? 100 : 4;

    private static int RestoreAllEvery => Repository.Soak ? 20 : 4;

    /// <summary>The stores and how Redis is copied. That each of them is copied whole is what the story of the digests shows.</summary>
    public static TheoryData<string, string> Stores => Repository.Soak
        ? new() { { "redis: { server: machine }", "redis: rdb" }, { "redis: { server: machine }", "redis: aof" }, { "redis: { server: embedded }", "redis: rdb" } }
        : new() { { "redis: { server: machine }", "redis: aof" } };

    [Theory]
    [MemberData(nameof(Stores))]
    public async Task Every_listed_backup_restores_and_live_data_stay_when_the_tool_is_killed(string stores, string backup)
    {
        await using var installation = await Installation.StartAsync(
            extraKeys: $"    shutdown: {{ drain: 1s }}\n    stores: {{ {stores} }}\n    backup: {{ {backup}, keep: {{ last: 2, daily: 0, weekly: 0, monthly: 0, yearly: 0 }} }}");
        using var professor = await installation.SignInAsync("ada", "professor", Course);
        var into = Path.Combine(installation.Directory, "into");
        string[][] verbs = [["backup", "create"], ["backup", "prune", "--yes"], ["restore", "--into", into], ["restore", "--replace"]];
        await ImportAsync(installation, 0);
        var lasts = await MeasureAsync(installation, verbs);
        Directory.Delete(into, recursive: true);
        RemoveAsides(installation);
        await UpAsync(installation, professor);
        var (random, killed, restored) = (new Random(11), 0, 0);

        for (var round = 0; round < Rounds; round++)
        {
            await ImportAsync(installation, round + 1);
            var before = await OverviewAsync(professor);
            var verb = verbs[round % verbs.Length];
            // A restore over the site stops it and puts the new state into its place: that is its end.
            var earliest = verb.Contains("--replace") ? 0.4 : 0.05;
            var moment = earliest + ((0.95 - earliest) * random.NextDouble());

            // Every other one is struck when it has just set aside what stood there: the shortest of its steps, and the one that counts.
            var atSwap = verb.Contains("--replace") && round / verbs.Length % 2 == 1;

            var atWork = await KilledAsync(installation.Directory, verb, struck => atSwap ? SetAsideAsync(installation, struck) : Task.Delay(lasts[round % verbs.Length] * moment, struck));
            killed += atWork ? 1 : 0;

            await MustLeaveNothingRunningAsync(installation);
            // One that had ended before it could be killed shows nothing.
            restored += await MustServeAsync(installation, professor, before, verb) && atWork ? 1 : 0;
            (await installation.RunAsync("backup", "verify")).MustSucceed();
            if (Directory.Exists(into))
            {
                Directory.Delete(into, recursive: true);
            }
            if (round % RestoreAllEvery == RestoreAllEvery - 1)
            {
                await MustAllRestoreAsync(installation);
            }
        }

        (await installation.RunAsync("backup", "create")).MustSucceed();
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(installation.StateDirectory, "data", "backups")));
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(installation.StateDirectory, "backup", "work")));
        (await installation.RunAsync("backup", "verify", "--restore")).MustSucceed();
        output.WriteLine($"{Rounds} rounds with {stores}, {backup}: the tool was killed at work in {killed} of them; {restored} restores had come so far that they stood");
        Assert.True(killed >= Rounds / 2, $"killed in only {killed} of {Rounds} rounds: the story proves little");
        Assert.True(restored > 0 || !Repository.Soak, "no restore was killed after it had put the new state into place");
    }

    private static async Task ImportAsync(Installation installation, int revision)
    {
        var file = Path.Combine(installation.Directory, "gradebook.csv");
        await File.WriteAllTextAsync(file, SeededGradebook.Canvas(30, 6, revision: revision), Stop);
        (await installation.RunAsync("import", file, "--course", Course)).MustSucceed();
    }

    // How long each takes here and now: a moment is drawn from that.
    private static async Task<IReadOnlyList<TimeSpan>> MeasureAsync(Installation installation, IReadOnlyList<string[]> verbs)
    {
        (await installation.RunAsync("backup", "create")).MustSucceed();
        List<TimeSpan> lasts = [];
        foreach (var verb in verbs)
        {
            var start = Stopwatch.GetTimestamp();
            (await installation.RunAsync(verb)).MustSucceed();
            lasts.Add(Stopwatch.GetElapsedTime(start));
        }
        return lasts;
    }

    // The stores of the killed tool work in folders of its own, and nothing else does.
    private static async Task MustLeaveNothingRunningAsync(Installation installation)
    {
        for (var patience = Stopwatch.StartNew(); Scratch(installation).ToList() is { Count: > 0 } left; await Task.Delay(100, Stop))
        {
            Assert.True(patience.Elapsed < OrphanLimit, $"still running: {string.Join(", ", left)}");
        }
    }

    private static IEnumerable<string> Scratch(Installation installation)
    {
        foreach (var process in Directory.EnumerateDirectories("/proc").Where(p => int.TryParse(Path.GetFileName(p), out _)))
        {
            string? folder = null;
            try
            {
                folder = new FileInfo(Path.Combine(process, "cwd")).LinkTarget;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // It has just ended, or is another user's.
            }
            if (folder?.StartsWith(installation.Directory, StringComparison.Ordinal) == true && folder.Contains("/scratch", StringComparison.Ordinal))
            {
                yield return $"{Path.GetFileName(process)} in {folder}";
            }
        }
    }

    /// <returns>Whether a restore over the site had come so far that what it restored is what there is now.</returns>
    private static async Task<bool> MustServeAsync(Installation installation, Session professor, string before, string[] verb)
    {
        if (!verb.Contains("--replace"))
        {
            Assert.Equal(before, await OverviewAsync(professor));
            return false;
        }
        var now = await UpAsync(installation, professor);
        var isBefore = before == now;
        // Whatever the site serves now, what it served before is still there, whole.
        Assert.True(RemoveAsides(installation) > 0 || isBefore, "neither the data of before nor a copy that was set aside");
        return !isBefore;
    }

    private static string[] Asides(Installation installation) => Directory.GetDirectories(installation.Directory, ".provost.before-*");

    private static async Task SetAsideAsync(Installation installation, CancellationToken struck)
    {
        while (Asides(installation).Length == 0)
        {
            await Task.Delay(2, struck);
        }
    }

    private static int RemoveAsides(Installation installation)
    {
        var asides = Asides(installation);
        Array.ForEach(asides, aside => Directory.Delete(aside, recursive: true));
        return asides.Length;
    }

    // The site may be stopping when the one who stops it is killed: to be told once to start is enough all the same.
    private static async Task<string> UpAsync(Installation installation, Session professor)
    {
        (await installation.RunAsync("up", "-d", "--no-demo")).MustSucceed();
        return await OverviewAsync(professor);
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

    /// <summary>The tool alone is killed: what it started has to notice by itself.</summary>
    /// <returns>Whether it was still at work.</returns>
    private static async Task<bool> KilledAsync(string directory, string[] arguments, Func<CancellationToken, Task> moment)
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
        var said = (process.StandardOutput.ReadToEndAsync(Stop), process.StandardError.ReadToEndAsync(Stop));
        using var struck = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        await Task.WhenAny(moment(struck.Token), process.WaitForExitAsync(Stop));
        await struck.CancelAsync();
        var works = !process.HasExited;
        process.Kill();
        await process.WaitForExitAsync(Stop);
        await Task.WhenAll(said.Item1, said.Item2);
        return works;
    }
}
