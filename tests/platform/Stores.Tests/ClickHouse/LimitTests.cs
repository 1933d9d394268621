using System.Diagnostics;

namespace Provost.Stores.Tests.ClickHouse;

/// <summary>Time, memory and number of queries are bounded; a client that goes away frees what it held.</summary>
public sealed class LimitTests
{
    private const string Endless = "SELECT count() FROM numbers(1000000000000) WHERE NOT ignore(sipHash64(number))";

    [Fact]
    public async Task Time_memory_and_rows_are_limited_by_the_service_and_by_the_query()
    {
        await using var store = await ClickHouseStore.StartAsync(("MaxQuerySeconds", "2"), ("MaxQueryMemoryMegabytes", "64"));

        var watch = Stopwatch.StartNew();
        var late = await store.ErrorAsync(Endless);
        Assert.Equal((408, "159"), (late.Status, late.Code));
        Assert.InRange(watch.Elapsed, TimeSpan.FromSeconds(1.5), TimeSpan.FromSeconds(20));

        Assert.Equal("159", (await store.ErrorAsync(Endless, "max_execution_time=1")).Code);
        Assert.Equal("159", (await store.ErrorAsync($"{Endless} SETTINGS max_execution_time = 1")).Code);
        // Aggregation states of one array cannot be spilled.
        Assert.Equal("241", (await store.ErrorAsync("SELECT length(groupArray(number)) FROM numbers(50000000)")).Code);
        Assert.Equal("241", (await store.ErrorAsync("SELECT length(groupArray(number)) FROM numbers(5000000)", "max_memory_usage=10000000")).Code);
        Assert.Equal("396", (await store.ErrorAsync("SELECT number FROM numbers(1000)", "max_result_rows=10")).Code);
        Assert.Equal("1", await store.TextAsync("SELECT 1"));
    }

    [Fact]
    public async Task The_memory_of_all_queries_together_is_limited()
    {
        await using var store = await ClickHouseStore.StartAsync(("MaxMemoryMegabytes", "400"));

        var error = await store.ErrorAsync("SELECT length(groupArray(number)) FROM numbers(500000000)", "max_memory_usage=0");

        Assert.Equal("241", error.Code);
        Assert.Equal("1", await store.TextAsync("SELECT 1"));
    }

    [Fact]
    public async Task One_query_too_many_is_refused_at_once_and_a_client_that_leaves_makes_room()
    {
        await using var store = await ClickHouseStore.StartAsync(("MaxQueries", "2"), ("MaxRunningQueries", "2"), ("MaxQuerySeconds", "0"));
        using var leaving = new CancellationTokenSource();
        var running = Enumerable.Range(0, 2).Select(_ => EndlessAsync(store, leaving.Token)).ToArray();

        var refused = await Patience.UntilAsync(async () => await store.CodeAsync("SELECT 1") == "202");
        Assert.True(refused, "the third query was not refused");

        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.WhenAll(running));
        var free = await Patience.UntilAsync(async () => await store.CodeAsync("SELECT 1") == "");
        Assert.True(free, "the slots were not freed");
        Assert.True(await Patience.UntilAsync(async () => await store.TextAsync(
            "SELECT count() FROM system.processes WHERE query LIKE '%sipHash64%' AND query NOT LIKE '%processes%'") == "0"));
    }

    [Fact]
    public async Task A_client_that_leaves_in_the_middle_of_a_result_ends_the_query()
    {
        await using var store = await ClickHouseStore.StartAsync(("MaxQuerySeconds", "0"));
        using (var answer = await store.PostAsync("SELECT number FROM system.numbers FORMAT RowBinary"))
        {
            await using var stream = await answer.Content.ReadAsStreamAsync();
            await stream.ReadExactlyAsync(new byte[1_000_000]);
        }

        Assert.True(await Patience.UntilAsync(async () => await store.TextAsync(
            "SELECT count() FROM system.processes WHERE query LIKE '%system.numbers%' AND query NOT LIKE '%processes%'") == "0"));
    }

    [Fact]
    public async Task A_query_can_be_killed_by_another_one()
    {
        await using var store = await ClickHouseStore.StartAsync(("MaxQuerySeconds", "0"), ("MaxQueries", "3"), ("MaxRunningQueries", "1"));
        var endless = store.ErrorAsync(Endless);

        Assert.True(await Patience.UntilAsync(async () => (await store.TextAsync("KILL QUERY WHERE query LIKE 'SELECT count%' SYNC")).Length > 0));

        Assert.Equal("394", (await endless).Code);
    }

    [Fact]
    public async Task Sixty_queries_at_once_are_all_answered()
    {
        await using var store = await ClickHouseStore.StartAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 60).Select(i => store.TextAsync($"SELECT {i}, count() FROM numbers(1000000)")));

        Assert.Equal(Enumerable.Range(0, 60).Select(i => $"{i}\t1000000"), answers);
    }

    /// <summary>Asks again while the question below holds the place.</summary>
    private static async Task EndlessAsync(ClickHouseStore store, CancellationToken cancellation)
    {
        while (true)
        {
            using var answer = await store.PostAsync(Endless, cancellation: cancellation);
        }
    }
}
