using Provost.Runbooks.Backups;
using Provost.Runbooks.Backups.Checking;
using Provost.Runbooks.Backups.Keys;
using Provost.Runbooks.Backups.Repositories;
using Provost.Runbooks.Targets.Process;
using Provost.Topology.Environments;
using Provost.Topology.Model;

namespace Provost.Runbooks.Tests.Backups;

/// <summary>What the page about disasters says of lost keys.</summary>
public sealed class LostKeyTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Another_kit_is_made_while_the_installation_lives_and_opens_what_was_there_before()
    {
        using var made = await MadeRepository.CreateAsync(largest: 500);
        var site = SiteOf(made, "repository");
        BackupKey.Write(site.State, made.Keys);

        var (kit, _) = await KitRunbook.CreateAsync(site, made.Time, Stop);

        Assert.True(Assert.Single(await KitRunbook.CheckAsync(site.Places(), kit, Stop)).Opens);
        using var repositories = await OpenedRepositories.OpenAsync(site, site.Places(), kit, Stop);
        Assert.Equal(2, BackupList.Of(repositories).Count);
    }

    [Fact]
    public async Task A_key_that_was_seen_is_replaced_in_a_new_place_and_opens_nothing_there()
    {
        using var made = await MadeRepository.CreateAsync(largest: 500);
        var site = SiteOf(made, "another");
        BackupKey.Write(site.State, made.Keys);
        File.Delete(Path.Combine(site.State.Secrets, Secrets.Operator, "Backup__Key"));

        var (kit, _) = await KitRunbook.CreateAsync(site, made.Time, Stop);

        Assert.False(Assert.Single(await KitRunbook.CheckAsync(site.Places(), made.Kit, Stop)).Opens);
        Assert.True(Assert.Single(await KitRunbook.CheckAsync(site.Places(), kit, Stop)).Opens);
        await Assert.ThrowsAsync<OperationError>(() => Repository.OpenAsync(new DirectoryStore(Path.Combine(made.Folder, "another")), made.Keys, Stop));
    }

    [Fact]
    public async Task Without_key_and_kit_nobody_reads_anything_and_that_is_said()
    {
        using var made = await MadeRepository.CreateAsync(largest: 500);
        var site = SiteOf(made, "repository");

        var refused = await Assert.ThrowsAsync<OperationError>(() => OpenedRepositories.OpenAsync(site, site.Places(), null, Stop));
        Assert.Contains("--kit FILE", refused.Remedy, StringComparison.Ordinal);
        await Assert.ThrowsAsync<OperationError>(() => OpenedRepositories.OpenAsync(site, site.Places(), RecoveryKit.Create(), Stop));
    }

    private static BackupSite SiteOf(MadeRepository made, string directory)
    {
        var backup = new Backup { Destinations = new Dictionary<string, Destination> { ["disk"] = new() { Directory = directory } } };
        return new BackupSite(
            new Installation { Sites = new Dictionary<string, Site> { ["local"] = new() { Backup = backup } } }, "local", new StateDirectory(Path.Combine(made.Folder, "state")), made.Folder, null, null);
    }
}
