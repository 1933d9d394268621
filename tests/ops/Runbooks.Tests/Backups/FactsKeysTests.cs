using System.Security.Cryptography;
using Provost.Runbooks.Backups.Repositories;
using Provost.Runbooks.Backups.Stores;

namespace Provost.Runbooks.Tests.Backups;

/// <summary>Keys by which the files of facts are known from one cut to the next; the real embedded engine.</summary>
public sealed class FactsKeysTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_key_stands_for_the_same_bytes_in_every_cut_and_a_new_part_has_new_keys(bool seesFiles)
    {
        await using var real = new RealStores();
        using var living = await StartAsync(real, seesFiles);
        var before = await CutAsync(real, living, "before");
        await living.ExecuteAsync("INSERT INTO provost.cells SELECT 'new', toString(number), 1 FROM numbers(20000)", Stop);

        var after = await CutAsync(real, living, "after");

        Assert.True(before.Count >= 3);
        Assert.All(before, file => Assert.Equal(file.Value, after[file.Key]));
        Assert.True(after.Count > before.Count);
    }

    [Fact]
    public async Task Rows_that_are_read_otherwise_have_other_keys()
    {
        await using var real = new RealStores();
        using var living = await StartAsync(real, seesFiles: false);
        var before = await CutAsync(real, living, "before");
        await living.ExecuteAsync("ALTER TABLE provost.cells ADD COLUMN grade UInt8 DEFAULT 1", Stop);
        var wider = await CutAsync(real, living, "wider");
        await living.ExecuteAsync("ALTER TABLE provost.cells MODIFY COLUMN grade UInt8 DEFAULT 2", Stop);
        var otherwise = await CutAsync(real, living, "otherwise");

        Assert.Empty(before.Keys.Intersect(wider.Keys));
        Assert.Empty(wider.Keys.Intersect(otherwise.Keys));
        Assert.Empty(wider.Values.Intersect(otherwise.Values));
    }

    private static async Task<ClickHouseClient> StartAsync(RealStores real, bool seesFiles)
    {
        var stores = real.Next("living");
        (await stores.StartClickHouseAsync(real.Below("data"), real.Below("backups"), Stop)).Dispose();
        var client = new ClickHouseClient(seesFiles ? stores.ClickHouse! : stores.ClickHouse! with { BackupDirectory = null });
        await RealStores.FillAsync(client, parts: 3, Stop);
        return client;
    }

    /// <returns>Keys with the digest of what they stand for.</returns>
    private static async Task<Dictionary<string, string>> CutAsync(RealStores real, ClickHouseClient client, string id)
    {
        await using var cut = new FactsCut(client, id, real.Below($"spool-{id}"));
        await cut.PrepareAsync(Stop);
        await cut.TakeAsync(Stop);
        Dictionary<string, string> found = [];
        foreach (var file in (await cut.FilesAsync("clickhouse/", Stop)).Where(file => file.Key is not null))
        {
            await using var content = file.Open();
            found.Add(file.Key!, Convert.ToHexStringLower(await SHA256.HashDataAsync(content, Stop)));
        }
        return found;
    }
}
