using Provost.Runbooks.Backups.Repositories;
using Provost.Runbooks.Backups.Stores;

namespace Provost.Runbooks.Tests.Backups;

/// <summary>What the facts hold, counted at the cut and recognised in restored stores; the real embedded engine, with its own BACKUP and RESTORE.</summary>
public sealed class FactsDigestTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Restored_parts_are_recognised_and_what_they_hold_is_what_counting_every_row_says()
    {
        await using var real = new RealStores();
        using var living = await StartAsync(real, "living");
        await RealStores.FillAsync(living, parts: 4, Stop);
        var atTheCut = new KnownParts();
        var held = await FactsDigest.ReadAsync(living, FactsCut.Database, atTheCut, threads: 1, Stop);
        using var restored = await RestoreAsync(real, living);

        var known = new KnownParts(atTheCut.Seen);
        var recognised = await FactsDigest.RereadAsync(restored, FactsCut.Database, known, Stop);

        Assert.Equal(4, atTheCut.Seen.Count);
        Assert.Equal(atTheCut.Seen.Order(ByHash), known.Seen.Order(ByHash));
        Assert.Equal(held, recognised);
        Assert.Equal(held, await FactsDigest.ReadAsync(restored, FactsCut.Database, Stop));
        // Merges go on afterwards, and what they make is counted.
        await restored.ExecuteAsync("OPTIMIZE TABLE provost.cells FINAL", Stop);
        Assert.Equal(held, await FactsDigest.RereadAsync(restored, FactsCut.Database, new KnownParts(atTheCut.Seen), Stop));
    }

    [Fact]
    public async Task A_part_with_a_damaged_block_is_not_taken_for_the_one_of_the_cut()
    {
        await using var real = new RealStores();
        using var living = await StartAsync(real, "living");
        await RealStores.FillAsync(living, parts: 4, Stop);
        var atTheCut = new KnownParts();
        await FactsDigest.ReadAsync(living, FactsCut.Database, atTheCut, threads: 1, Stop);
        using var restored = await RestoreAsync(real, living);
        var file = Directory.EnumerateFiles(real.Below("restored/data"), "*.bin", SearchOption.AllDirectories).Where(f => f.Contains("all_", StringComparison.Ordinal)).MaxBy(f => new FileInfo(f).Length)!;
        var bytes = await File.ReadAllBytesAsync(file, Stop);
        bytes[bytes.Length / 2] ^= 1;
        // In place: the engine may hold the file open.
        await using (var stream = new FileStream(file, FileMode.Open, FileAccess.Write))
            await stream.WriteAsync(bytes, Stop);

        var error = await Assert.ThrowsAsync<OperationError>(() => FactsDigest.RereadAsync(restored, FactsCut.Database, new KnownParts(atTheCut.Seen), Stop));

        Assert.Contains("hecksum", error.Message, StringComparison.Ordinal);
    }

    private static Comparer<KeyValuePair<string, PartSum>> ByHash { get; } = Comparer<KeyValuePair<string, PartSum>>.Create((one, other) => string.CompareOrdinal(one.Key, other.Key));

    private static async Task<ClickHouseClient> StartAsync(RealStores real, string name) =>
        await real.Next(name).StartClickHouseAsync(real.Below($"{name}/data"), real.Below("backups"), Stop);

    private static async Task<ClickHouseClient> RestoreAsync(RealStores real, ClickHouseClient living)
    {
        await living.ExecuteAsync("BACKUP DATABASE provost TO File('cut')", Stop);
        var restored = await StartAsync(real, "restored");
        await restored.ExecuteAsync("RESTORE DATABASE provost FROM File('cut')", Stop);
        return restored;
    }
}
