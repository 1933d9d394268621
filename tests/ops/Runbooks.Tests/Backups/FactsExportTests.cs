using System.Security.Cryptography;
using Provost.Runbooks.Backups.Repositories;
using Provost.Runbooks.Backups.Stores;

namespace Provost.Runbooks.Tests.Backups;

/// <summary>The facts over HTTP alone, from the real embedded engine and into another.</summary>
public sealed class FactsExportTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_is_loaded_again_holds_what_the_cut_held_and_the_same_parts_give_the_same_bytes()
    {
        await using var real = new RealStores();
        using var living = await StartAsync(real, "living");
        await FillAsync(living);
        await using var cut = new FactsCut(living, "unused", real.Below("spool"));
        await cut.PrepareAsync(Stop);
        await cut.TakeAsync(Stop);
        await living.ExecuteAsync("INSERT INTO provost.cells (course, version, student, score, part) VALUES ('late', 9, 'nobody', 1, 3)", Stop);
        await living.ExecuteAsync("OPTIMIZE TABLE provost.cells FINAL", Stop);

        var held = await cut.DigestAsync(new KnownParts(), Stop);
        var (first, folder) = await WriteAsync(cut, real.Below("export"));
        var (again, _) = await WriteAsync(cut, real.Below("again"));
        using var loaded = await StartAsync(real, "loaded");
        await FactsExport.LoadAsync(loaded, folder, Stop);

        Assert.Equal(FactsKind.Native, cut.Kind);
        Assert.True(held.Sum(t => (long)t.Rows) > 30_000);
        Assert.Empty(new StoreDigests(held, []).Differences(new StoreDigests(await FactsDigest.ReadAsync(loaded, FactsCut.Database, Stop), [])));
        Assert.Equal(first, again);
        Assert.Equal(await DefinitionAsync(living), await DefinitionAsync(loaded));
    }

    [Fact]
    public async Task What_is_copied_from_server_to_server_is_the_same()
    {
        await using var real = new RealStores();
        using var from = await StartAsync(real, "from");
        using var to = await StartAsync(real, "to");
        await FillAsync(from);

        await FactsExport.CopyAsync(from, to, Stop);

        var held = await FactsDigest.ReadAsync(from, FactsCut.Database, Stop);
        Assert.True(held.Sum(t => (long)t.Rows) > 30_000);
        Assert.Equal(held, await FactsDigest.ReadAsync(to, FactsCut.Database, Stop));
        Assert.Equal(await DefinitionAsync(from), await DefinitionAsync(to));
    }

    [Fact]
    public async Task A_part_that_cannot_be_read_is_an_error_and_no_shorter_file()
    {
        await using var real = new RealStores();
        using var living = await StartAsync(real, "living");

        var error = Assert.Throws<OperationError>(() => living.Read("SELECT throwIf(number = 3000000), number FROM numbers(5000000) FORMAT Native"));

        Assert.Contains("throwIf", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("CREATE TABLE provost.t (`a` UInt8) ENGINE = MergeTree ORDER BY a", "CREATE TABLE cut.t (`a` UInt8) ENGINE = MergeTree ORDER BY a")]
    [InlineData("CREATE TABLE provost.t (`a` UInt8) ENGINE = ReplicatedMergeTree ORDER BY a", "CREATE TABLE cut.t (`a` UInt8) ENGINE = MergeTree ORDER BY a")]
    [InlineData("CREATE TABLE provost.t (`a` UInt8) ENGINE = ReplicatedMergeTree('/clickhouse/tables/{uuid}/{shard}', '{replica}') ORDER BY a", "CREATE TABLE cut.t (`a` UInt8) ENGINE = MergeTree ORDER BY a")]
    [InlineData("CREATE TABLE provost.t (`a` UInt8) ENGINE = ReplicatedReplacingMergeTree('/t/{shard}', '{replica}', a) ORDER BY a", "CREATE TABLE cut.t (`a` UInt8) ENGINE = ReplacingMergeTree(a) ORDER BY a")]
    public void A_table_of_a_cluster_is_made_on_one_server(string create, string alone) => Assert.Equal(alone, new FactsTable("t", create).CreateIn("cut"));

    private static async Task<ClickHouseClient> StartAsync(RealStores real, string name)
    {
        var stores = real.Next(name);
        (await stores.StartClickHouseAsync(real.Below($"{name}/data"), real.Below($"{name}/backups"), Stop)).Dispose();
        return new ClickHouseClient(stores.ClickHouse! with { BackupDirectory = null });
    }

    private static async Task FillAsync(ClickHouseClient client)
    {
        await client.ExecuteAsync("CREATE DATABASE provost", Stop);
        await client.ExecuteAsync("""
            CREATE TABLE provost.cells
            (course LowCardinality(String), version UInt64, student String COMMENT 'it''s a pseudonym', score Nullable(Float64), part UInt8, written DateTime DEFAULT now(), twice Float64 MATERIALIZED 2 * version)
            ENGINE = MergeTree PARTITION BY part ORDER BY (course, version, student) SETTINGS non_replicated_deduplication_window = 100
            """, Stop);
        for (var block = 0; block < 4; block++)
        {
            await client.ExecuteAsync(
                $"INSERT INTO provost.cells (course, version, student, score, part) SELECT 'c' || toString(number % 7), {block}, toString(cityHash64(number)), if(number % 5 = 0, NULL, number / 3), {block % 2} FROM numbers(10000)", Stop);
        }
        await client.ExecuteAsync("DELETE FROM provost.cells WHERE course = 'c3' AND version = 1", Stop);
        await client.ExecuteAsync("CREATE TABLE provost.empty (a UInt8) ENGINE = MergeTree ORDER BY a", Stop);
    }

    // Names with the digest of each file.
    private static async Task<(IReadOnlyList<string> Files, string Folder)> WriteAsync(FactsCut cut, string folder)
    {
        List<string> names = [];
        foreach (var file in await cut.FilesAsync("", Stop))
        {
            var path = Path.Combine(folder, file.Name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            await using (var from = file.Open())
            await using (var to = File.Create(path))
            {
                await from.CopyToAsync(to, Stop);
            }
            names.Add($"{file.Name} {Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(path, Stop)))}");
        }
        return (names, folder);
    }

    private static Task<string> DefinitionAsync(ClickHouseClient client) =>
        client.ValueAsync("SELECT create_table_query FROM system.tables WHERE database = 'provost' AND name = 'cells'", Stop);
}
