using System.Diagnostics;
using System.Globalization;
using Provost.Harness;
using Provost.Runbooks.Backups;

namespace Provost.Stories.Backups;

/// <summary>A backup under write load is one instant of all stores: nothing in it refers to what it lacks.</summary>
public sealed class CutStory(ITestOutputHelper output)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private const double Bar = 250;

    private static int Backups => Repository.Soak ? 200 : 3;

    [Fact]
    public async Task Backups_under_write_load_hold_no_broken_link_and_no_orphan()
    {
        await using var installation = await Installation.StartAsync();
        var site = Links.Site(installation);
        using var admin = await installation.SignInAsync("root-admin", "admin");
        await using var client = await CommittingClient.StartAsync(installation);
        await using var writers = new ImportingClients(installation, admin);
        List<double> stalls = [], waits = [];
        List<string> broken = [], orphans = [];
        var (courses, followed, folder) = (0, 0L, Path.Combine(installation.Directory, "links"));

        for (var i = 0; i < Backups; i++)
        {
            writers.GoOn();
            var start = Stopwatch.GetTimestamp();
            var created = await installation.JsonAsync("backup", "create");
            stalls.Add(created.GetProperty("writeStallMs").GetDouble());
            var (longest, commits) = client.LongestSince(start);
            Assert.True(commits > 0, "nothing was committed during the backup: nothing was measured");
            waits.Add(Math.Max(0, longest - client.Usual()));
            // What the backup holds is looked at in peace: the stores of that would slow the next measurement down.
            writers.Rest();
            using var repositories = await OpenedRepositories.OpenAsync(site, site.Places(), null, Stop);
            var links = await Links.FollowAsync(site, repositories.Opened[0].Repository, created.GetProperty("id").GetString()!, folder);
            broken.AddRange(links.Broken);
            orphans.AddRange(links.Orphans);
            (courses, followed) = (courses + links.Courses, followed + links.Followed);
        }

        var (imports, erasures) = await writers.EndAsync();
        output.WriteLine($"{Backups} backups, {imports} imports and {erasures} erasures meanwhile, {courses} courses and {followed} references followed: {broken.Count} broken, {orphans.Count} orphans");
        output.WriteLine($"write stall as the backups report it {Spread(stalls)}; at a client that commits all the time, beyond its usual {client.Usual():0} ms, {Spread(waits)}");
        if (Repository.Soak)
        {
            Assert.True(P99(stalls) <= Bar, $"reported stall {Spread(stalls)}");
            Assert.True(P99(waits) <= Bar, $"stall at the client {Spread(waits)}");
        }
        Assert.True(imports >= Backups, $"only {imports} imports: no load");
        Assert.True(courses > 0);
        Assert.True(erasures > 0, "nobody was erased");
        Assert.Empty(broken);
        Assert.Empty(orphans);
    }

    private static double P99(List<double> values) => values.Order().ElementAt((int)Math.Ceiling(values.Count * 0.99) - 1);

    private static string Spread(List<double> values) =>
        string.Create(CultureInfo.InvariantCulture, $"p50 {values.Order().ElementAt(values.Count / 2):0} ms, p99 {P99(values):0} ms, most {values.Max():0} ms");
}
