using System.Globalization;
using System.Text.Json;
using Provost.Harness;

namespace Provost.Stories.Backups;

/// <summary>The first night of an installation, by its own agent alone: backup, verify, prune, and both rehearsals, the agent's own death included.</summary>
public sealed class NightStory(ITestOutputHelper output)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(8);
    private static readonly string[] Night = ["backup create", "backup verify", "backup prune", "drill restore", "drill failover"];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_night_makes_verifies_prunes_and_rehearses_by_itself()
    {
        await using var site = await Installation.StartAsync();
        var file = Path.Combine(site.Directory, "gradebook.csv");
        await File.WriteAllTextAsync(file, SeededGradebook.Canvas(20, 4), Stop);
        (await site.RunAsync("import", file, "--course", "MATH 101")).MustSucceed();
        (await site.RunAsync("user", "add", "ada", "--role", "professor", "--course", "MATH 101")).MustSucceed();
        await LeaveDrillsAsync(site);
        var before = await site.ReplicasAsync();

        // The next minute: the agent was there before it, so it is a night that it has to keep.
        var night = TimeProvider.System.GetUtcNow().AddMinutes(1);
        await File.AppendAllTextAsync(Path.Combine(site.Directory, "provost.yaml"), string.Create(CultureInfo.InvariantCulture, $$"""

                backup:
                  schedule: { daily: "{{night:HH:mm}}" }

            """), Stop);
        await site.UpAsync();
        var done = await UntilAsync(site, "drill failover");

        Assert.Equal(Night, done.Select(e => e.GetProperty("verb").GetString()).Where(v => Night.Contains(v)).Distinct());
        Assert.All(done.Where(e => Night.Contains(e.GetProperty("verb").GetString())), e => Assert.Contains(e.GetProperty("result").GetString(), (string[])["done", "passed"]));
        var failover = done.Last(e => e.GetProperty("verb").GetString() == "drill failover").GetProperty("details");
        output.WriteLine(failover.ToString());
        Assert.Equal(0, failover.GetProperty("lostWrites").GetInt32());
        Assert.Equal(0, failover.GetProperty("failedReads").GetInt32());
        Assert.True(failover.GetProperty("acknowledgedWrites").GetInt32() > 0);
        Assert.Equal(before.Select(r => r.Id).Order(), failover.GetProperty("outageSeconds").EnumerateObject().Select(p => p.Name).Order());

        // Every process is another one, and nothing of the rehearsals is left: neither what they made nor what killed ones had left.
        Assert.Empty((await site.ReplicasAsync()).Select(r => r.Pid).Intersect(before.Select(r => r.Pid)));
        Assert.Empty(Directory.EnumerateDirectories(site.Directory, ".provost-drill-*"));
        Assert.DoesNotContain("provost-drill-", (await site.RunAsync("user", "list")).MustSucceed().Output, StringComparison.Ordinal);
        var backup = (await site.JsonAsync("status")).GetProperty("backup");
        Assert.True(backup.GetProperty("isWell").GetBoolean(), backup.ToString());
        (await site.RunAsync("ledger", "verify")).MustSucceed();
    }

    // As after kill -9 of both rehearsals: accounts, and a folder with a state in it.
    private static async Task LeaveDrillsAsync(Installation site)
    {
        (await site.RunAsync("user", "add", "provost-drill-0badcafe-7", "--role", "admin")).MustSucceed();
        Directory.CreateDirectory(Path.Combine(site.Directory, ".provost-drill-local-0badca/restored/.provost"));
    }

    private static async Task<IReadOnlyList<JsonElement>> UntilAsync(Installation site, string verb)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(start) < Limit)
        {
            // While the agent is dead the ledger can be read all the same.
            var entries = (await site.JsonAsync("ledger", "list", "--tail", "0")).EnumerateArray().ToList();
            if (entries.Exists(e => e.GetProperty("verb").GetString() == verb))
            {
                return entries;
            }
            await Task.Delay(TimeSpan.FromSeconds(1), Stop);
        }
        throw new TimeoutException($"no {verb} within {Limit}: {(await site.RunAsync("ledger", "list", "--tail", "0")).Output}\n{await File.ReadAllTextAsync(Path.Combine(site.StateDirectory, "logs/agent.log"), Stop)}");
    }
}
