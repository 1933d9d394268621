using Provost.Api.Facts;
using Provost.Api.Tests.Harness;

namespace Provost.Api.Tests.Facts;

/// <summary>What the tables lack is found although the migrations are noted as having run.</summary>
public sealed class SchemaComparisonTests(RealStores stores)
{
    private const string Database = "compared";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_is_missing_or_of_another_type_is_named_and_nothing_is_left_behind()
    {
        await using var server = await ApiServer.StartAsync(stores, ("ClickHouse:Database", Database));
        var facts = server.Get<FactsStore>();
        var comparison = new SchemaComparison(facts, server.Get<Schema>());
        Assert.Empty(await comparison.DifferencesAsync(Stop));

        await facts.ExecuteAsync("test", $"ALTER TABLE {Database}.cells DROP COLUMN submitted_day", Stop);
        await facts.ExecuteAsync("test", $"ALTER TABLE {Database}.assessments MODIFY COLUMN max_score String", Stop);
        await facts.ExecuteAsync("test", $"ALTER TABLE {Database}.students ADD COLUMN ours UInt8", Stop);

        Assert.Equal(
            ["the column max_score of assessments is String, where Float64 is expected", "the column submitted_day of cells is not there"],
            (await comparison.DifferencesAsync(Stop)).Order(StringComparer.Ordinal));
        Assert.Equal(0UL, await facts.CountAsync("test", $"SELECT count() FROM system.databases WHERE name = '{Database}_expected'", Stop));
    }
}
