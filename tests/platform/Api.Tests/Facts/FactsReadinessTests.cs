using Provost.Api.Facts;
using Provost.Api.Tests.Harness;

namespace Provost.Api.Tests.Facts;

/// <summary>Probes come every second; the schema is looked at less often, and soon enough.</summary>
public sealed class FactsReadinessTests(RealStores stores)
{
    private const string Database = "probed";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_schema_that_a_newer_release_contracted_is_noticed_within_ten_seconds_and_looked_at_again_at_once()
    {
        await using var server = await ApiServer.StartAsync(stores, ("ClickHouse:Database", Database));
        var (facts, clock) = (server.Get<FactsStore>(), new Clock());
        var readiness = new FactsReadiness(facts, server.Get<Schema>(), clock);
        await readiness.CheckAsync(Stop);

        await facts.ExecuteAsync("test", $"INSERT INTO {Database}.schema_versions (version, name) VALUES (9999, '9999-drop-scores.contract')", Stop);
        await readiness.CheckAsync(Stop);
        clock.Seconds = 11;
        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => readiness.CheckAsync(Stop));
        Assert.Contains("A newer release removed what this one reads", refused.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<InvalidOperationException>(() => readiness.CheckAsync(Stop));

        await facts.ExecuteAsync("test", $"ALTER TABLE {Database}.schema_versions DELETE WHERE version = 9999 SETTINGS mutations_sync = 2", Stop);
        await readiness.CheckAsync(Stop);
    }

    private sealed class Clock : TimeProvider
    {
        public long Seconds { get; set; }

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => Seconds;
    }
}
