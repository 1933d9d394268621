using Provost.Runbooks.Backups;
using Provost.Runbooks.Backups.Repositories;
using Provost.Runbooks.Backups.Restoring;
using Provost.Runbooks.Targets.Process;
using Provost.Topology.Model;

namespace Provost.Runbooks.Tests.Backups;

/// <summary>Who was erased is on the disk of a site that is down, too.</summary>
public sealed class LivingErasuresTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Of_a_site_that_is_down_the_erasure_ledger_is_read_from_a_copy_of_its_Redis()
    {
        await using var real = new RealStores();
        var state = new StateDirectory(Path.Combine(real.Folder, "state"));
        state.Create();
        var data = Directory.CreateDirectory(Path.Combine(state.Data, "redis")).FullName;
        var stores = real.Next("before");
        await using (var redis = await stores.StartRedisAsync(RedisKind.Aof, data, Stop))
        {
            await redis.Database.ListRightPushAsync("erasures", ["first", "second"]);
        }
        await stores.StopAsync();
        var before = Directory.EnumerateFiles(data, "*", SearchOption.AllDirectories).ToDictionary(f => f, File.ReadAllBytes);

        List<string> said = [];
        var site = new BackupSite(new Installation(), "local", state, real.Folder, null, null);
        var lines = await new LivingErasures(site, real.Programs(), said.Add, TimeProvider.System).ReadAsync(real.Below("copy"), Stop);

        Assert.Equal(["first", "second"], lines);
        Assert.Empty(said);
        Assert.All(before, file => Assert.Equal(file.Value, File.ReadAllBytes(file.Key)));
    }

    [Fact]
    public async Task What_cannot_be_read_is_said_aloud()
    {
        await using var real = new RealStores();
        var state = new StateDirectory(Path.Combine(real.Folder, "state"));
        state.Create();
        var files = Directory.CreateDirectory(Path.Combine(state.Data, "redis", "appendonlydir")).FullName;
        await File.WriteAllTextAsync(Path.Combine(files, "appendonly.aof.manifest"), "file nothing seq 1 type b\n", Stop);

        List<string> said = [];
        var site = new BackupSite(new Installation(), "local", state, real.Folder, null, null);
        var lines = await new LivingErasures(site, real.Programs(), said.Add, TimeProvider.System).ReadAsync(real.Below("copy"), Stop);

        Assert.Empty(lines);
        Assert.Contains("WARNING: the erasure ledger", Assert.Single(said), StringComparison.Ordinal);
    }
}
