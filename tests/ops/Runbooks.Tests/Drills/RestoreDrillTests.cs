using System.Text.Json.Nodes;
using Provost.Runbooks.Backups;
using Provost.Runbooks.Backups.Keys;
using Provost.Runbooks.Drills;
using Provost.Runbooks.Ledgers;
using Provost.Runbooks.Targets.Process;
using Provost.Runbooks.Tests.Backups;
using Provost.Topology.Model;

namespace Provost.Runbooks.Tests.Drills;

/// <summary>A rehearsal that goes wrong is a result: it stands in the ledger and in the figures, and the next one cleans up.</summary>
public sealed class RestoreDrillTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("provost-drills-").FullName;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private BackupSite Site => new(new Installation(), "local", new StateDirectory(Path.Combine(folder, ".provost")), folder, null, null);

    [Fact]
    public async Task A_rehearsal_that_cannot_begin_has_failed_and_does_not_claim_that_nothing_was_lost()
    {
        Site.State.Create();

        var result = await new RestoreDrill(new RestoreDrillRequest(Site, null, null, "provost"), TimeProvider.System, _ => { }).RunAsync(Stop);

        Assert.False(result.Passed);
        Assert.Null(result.LostWrites);
        Assert.NotNull(result.Problem);
        var entry = Assert.Single(Ledger.Of(Site.State, TimeProvider.System).Read());
        Assert.Equal(("drill restore", "failed"), (entry.Verb, entry.Result));
        Assert.Null((JsonNode?)entry.Details!["lostWrites"]);
        Assert.True(BackupNotes.Read(Site).Drill("restore").Failed);
        Assert.Contains("provost_drill_failed{installation=\"provost\",site=\"local\",drill=\"restore\"} 1", File.ReadAllText(Path.Combine(Site.WorkDirectory, BackupMetrics.Name)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_killed_rehearsal_left_is_removed_by_the_next_one_and_nothing_else_is()
    {
        Site.State.Create();
        Directory.CreateDirectory(Path.Combine(folder, ".provost-drill-local-abc123/restored/.provost/data"));
        Directory.CreateDirectory(Path.Combine(folder, ".provost-drill-other-abc123"));
        List<string> said = [];

        using (var taken = await DrillFolder.TakeAsync(Site, TimeProvider.System, said.Add, Stop))
        {
            Directory.CreateDirectory(taken.Path);
            // One at a time: nobody removes the folder of one that runs.
            await Assert.ThrowsAsync<OperationError>(() => DrillFolder.TakeAsync(Site, TimeProvider.System, said.Add, Stop));
            Assert.True(Directory.Exists(taken.Path));
        }

        Assert.Contains(said, line => line.Contains(".provost-drill-local-abc123", StringComparison.Ordinal));
        Assert.Equal([".provost-drill-other-abc123"], Directory.EnumerateDirectories(folder, ".provost-drill-*").Select(Path.GetFileName));
    }

    [Fact]
    public async Task The_kit_of_a_killed_rehearsal_leaves_the_repositories()
    {
        using var made = await MadeRepository.CreateAsync(backups: 1, largest: 500);
        var backup = new Backup { Destinations = new Dictionary<string, Destination> { ["disk"] = new() { Directory = made.Store.Place } } };
        var site = Site with { Installation = new Installation { Sites = new Dictionary<string, Site> { ["local"] = new() { Backup = backup } } } };
        BackupKey.Write(site.State, made.Keys);
        var left = Directory.CreateDirectory(Path.Combine(folder, ".provost-drill-local-abc123"));
        await File.WriteAllTextAsync(Path.Combine(left.FullName, "kit.txt"), made.Kit.Text(), Stop);
        Assert.True(Assert.Single(await KitRunbook.CheckAsync(site.Places(), made.Kit, Stop)).Opens);

        (await DrillFolder.TakeAsync(site, TimeProvider.System, _ => { }, Stop)).Dispose();

        Assert.False(Assert.Single(await KitRunbook.CheckAsync(site.Places(), made.Kit, Stop)).Opens);
        Assert.False(Directory.Exists(left.FullName));
    }

    [Fact]
    public void A_failed_rehearsal_keeps_the_time_of_the_last_that_passed()
    {
        var (first, second) = (DateTimeOffset.UnixEpoch.AddDays(1), DateTimeOffset.UnixEpoch.AddDays(2));

        var notes = BackupNotes.None.Rehearsed("restore", first, passed: true).Rehearsed("restore", second, passed: false);

        Assert.Equal(new DrillNotes(second, first), notes.Drill("restore"));
        Assert.True(notes.Drill("restore").Failed);
        Assert.False(notes.Rehearsed("restore", second, passed: true).Drill("restore").Failed);
        Assert.False(notes.Drill("failover").Failed);
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);
}
