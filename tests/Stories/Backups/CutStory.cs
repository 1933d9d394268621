using System.Globalization;
using Provost.Harness;
using Provost.Runbooks.Backups;

namespace Provost.Stories.Backups;

/// <summary>A backup under write load is one instant of all stores: nothing in it refers to what it lacks.</summary>
public sealed class CutStory(ITestOutputHelper output)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static int Backups => Repository.Soak ? 200 : 4;

    [Fact]
    public async Task Backups_under_write_load_hold_no_broken_link_and_no_orphan()
    {
        await using var installation = await Installation.StartAsync();
        var site = Links.Site(installation);
        using var over = new CancellationTokenSource();
        var writers = Enumerable.Range(1, 3).Select(n => WriteAsync(installation, n, over.Token)).ToArray();
        List<double> stalls = [];
        List<string> broken = [], orphans = [];
        var (courses, folder) = (0, Path.Combine(installation.Directory, "links"));

        for (var i = 0; i < Backups; i++)
        {
            var created = await installation.JsonAsync("backup", "create");
            stalls.Add(created.GetProperty("writeStallMs").GetDouble());
            using var repositories = await OpenedRepositories.OpenAsync(site, site.Places(), null, Stop);
            var links = await Links.FollowAsync(site, repositories.Opened[0].Repository, created.GetProperty("id").GetString()!, folder);
            broken.AddRange(links.Broken);
            orphans.AddRange(links.Orphans);
            courses += links.Courses;
        }

        await over.CancelAsync();
        var imports = (await Task.WhenAll(writers)).Sum();
        var sorted = stalls.Order().ToList();
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{Backups} backups, {imports} imports meanwhile, {courses} courses followed: {broken.Count} broken, {orphans.Count} orphans; write stall p50 {sorted[sorted.Count / 2]:0} ms, p99 {sorted[(int)Math.Ceiling(sorted.Count * 0.99) - 1]:0} ms, most {sorted[^1]:0} ms"));
        Assert.True(imports >= Backups, $"only {imports} imports: no load");
        Assert.True(courses > 0);
        Assert.Empty(broken);
        Assert.Empty(orphans);
    }

    // New courses and new versions of old ones all the time: both directions of every reference are being made.
    private static async Task<int> WriteAsync(Installation installation, int writer, CancellationToken over)
    {
        var file = Path.Combine(installation.Directory, $"writer-{writer}.csv");
        var imports = 0;
        while (!over.IsCancellationRequested)
        {
            await File.WriteAllTextAsync(file, SeededGradebook.Canvas(30, 6, seed: writer, revision: imports), CancellationToken.None);
            if ((await installation.RunAsync("import", file, "--course", $"Course {writer}-{imports / 4}")).ExitCode == 0)
            {
                imports++;
            }
        }
        return imports;
    }
}
