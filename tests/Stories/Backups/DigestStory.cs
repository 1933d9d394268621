using Provost.Harness;
using Provost.Runbooks.Backups;
using Provost.Runbooks.Backups.Repositories;
using Provost.Runbooks.Backups.Stores;

namespace Provost.Stories.Backups;

/// <summary>What a backup says the stores held is what they held, whichever Redis wrote them and however it was taken.</summary>
public sealed class DigestStory(ITestOutputHelper output)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("    stores: { redis: { server: machine } }\n    backup: { redis: rdb }", RedisKind.Rdb)]
    [InlineData("    stores: { redis: { server: machine } }\n    backup: { redis: aof }", RedisKind.Aof)]
    [InlineData("    stores: { redis: { server: embedded } }", RedisKind.Garnet)]
    public async Task Digests_at_the_cut_equal_the_living_stores_and_the_restored_ones(string keys, RedisKind kind)
    {
        await using var installation = await Installation.StartAsync(demonstration: true, keys);
        var created = await installation.JsonAsync("backup", "create");
        var site = Links.Site(installation);
        using var repositories = await OpenedRepositories.OpenAsync(site, site.Places(), null, Stop);
        var manifest = await repositories.Opened[0].Repository.ReadManifestAsync(created.GetProperty("id").GetString()!, Stop);

        var running = RunningStores.Of(site) with { };
        await using var redis = await RedisLink.OpenAsync(running.Redis);
        using var clickHouse = new ClickHouseClient(running.ClickHouse);
        var living = new StoreDigests(await FactsDigest.ReadAsync(clickHouse, FactsCut.Database, Stop), await StateDigest.ReadAsync(redis, Stop));

        Assert.Equal(kind, manifest.Redis);
        Assert.True(manifest.Digests.Tables.Sum(t => (long)t.Rows) > 100);
        Assert.True(manifest.Digests.State.Sum(t => t.Keys) > 5);
        Assert.Empty(manifest.Digests.Differences(living));
        var verified = (await installation.JsonAsync("backup", "verify", "--restore"));
        Assert.Equal(manifest.Id, verified.GetProperty("restored").GetString());
        output.WriteLine(string.Join('\n', manifest.Digests.Tables.Select(t => t.ToString()).Concat(manifest.Digests.State.Select(t => t.ToString()))));
    }
}
