using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text;

namespace Provost.Stores.Tests.ClickHouse;

/// <summary>What was acknowledged is there, what was not is not there by half.</summary>
public sealed class DurabilityTests
{
    private const int BatchRows = 500;

    [Theory]
    [InlineData("true")]
    [InlineData("false")]
    public async Task After_kill_9_every_acknowledged_insert_is_there_and_none_by_half(string sync)
    {
        await using var store = await ClickHouseStore.StartAsync(("SyncInserts", sync));
        await store.TextAsync("CREATE TABLE facts (batch UInt64, row UInt32) ENGINE = MergeTree ORDER BY (batch, row)");
        var acknowledged = new ConcurrentBag<long>();
        for (var round = 0; round < 3; round++)
        {
            var writers = Enumerable.Range(0, 3).Select(writer => WriteAsync(store, (round * 1_000_000L) + (writer * 100_000L), acknowledged)).ToArray();
            await Patience.UntilAsync(() => acknowledged.Count >= (round + 1) * 10);
            await store.Process.KillAsync();
            await Task.WhenAll(writers);
            await store.StartAgainAsync();
        }

        var counts = (await store.TextAsync("SELECT batch, count() FROM facts GROUP BY batch FORMAT TSV")).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split('\t')).ToDictionary(cells => long.Parse(cells[0], CultureInfo.InvariantCulture), cells => int.Parse(cells[1], CultureInfo.InvariantCulture));

        Assert.True(acknowledged.Count >= 30, $"only {acknowledged.Count} inserts: nothing was tested");
        Assert.DoesNotContain(acknowledged, batch => !counts.ContainsKey(batch));
        Assert.DoesNotContain(counts, pair => pair.Value != BatchRows);
    }

    [Fact]
    public async Task An_insert_whose_client_goes_away_in_the_middle_leaves_nothing()
    {
        await using var store = await ClickHouseStore.StartAsync();
        await store.TextAsync("CREATE TABLE half (a UInt64) ENGINE = MergeTree ORDER BY a");
        using var leaving = new CancellationTokenSource();
        // More than the engine takes into one block: fed as it arrives, the first block would stay.
        var content = new StreamedContent(async stream =>
        {
            var chunk = new byte[80_000];
            for (var sent = 0; sent < 200; sent++)
            {
                await stream.WriteAsync(chunk);
            }

            await stream.FlushAsync();
            await leaving.CancelAsync();
            await Task.Delay(Timeout.Infinite, leaving.Token);
        });

        await Assert.ThrowsAnyAsync<Exception>(() => store.SendAsync(
            HttpMethod.Post, "query=INSERT%20INTO%20half%20FORMAT%20RowBinary", content, cancellation: leaving.Token));

        await Task.Delay(TimeSpan.FromSeconds(1));
        Assert.Equal("0", await store.TextAsync("SELECT count() FROM half"));
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(store.Data, "spool")));
    }

    [Fact]
    public async Task A_large_insert_is_streamed_in_little_memory()
    {
        await using var store = await ClickHouseStore.StartAsync();
        await store.TextAsync("CREATE TABLE large (a UInt64) ENGINE = MergeTree ORDER BY tuple()");
        var content = new StreamedContent(async stream =>
        {
            var chunk = new byte[800_000];
            for (var sent = 0; sent < 250; sent++)
            {
                await stream.WriteAsync(chunk);
            }
        });
        using var answer = await store.SendAsync(HttpMethod.Post, "query=INSERT%20INTO%20large%20FORMAT%20RowBinary", content);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Contains("\"written_rows\":\"25000000\"", answer.Headers.GetValues("X-ClickHouse-Summary").Single(), StringComparison.Ordinal);
        Assert.Equal("25000000", await store.TextAsync("SELECT count() FROM large"));
        Assert.Equal("", await store.TextAsync("SELECT name FROM system.tables WHERE name LIKE '%\\_log' AND database = 'system'"));
    }

    [Fact]
    public async Task An_insert_with_bad_data_leaves_nothing_and_names_the_row()
    {
        await using var store = await ClickHouseStore.StartAsync();
        await store.TextAsync("CREATE TABLE bad (a UInt64) ENGINE = MergeTree ORDER BY a");

        var error = await store.ErrorAsync("INSERT INTO bad FORMAT CSV\n1\n2\nthree\n");

        Assert.Contains("row 3", error.Text, StringComparison.Ordinal);
        Assert.Equal("0", await store.TextAsync("SELECT count() FROM bad"));
    }

    [Fact]
    public async Task The_same_deduplication_token_twice_inserts_once()
    {
        await using var store = await ClickHouseStore.StartAsync();
        await store.TextAsync("CREATE TABLE dedup (a UInt64) ENGINE = MergeTree ORDER BY a SETTINGS non_replicated_deduplication_window = 100");

        await store.TextAsync("INSERT INTO dedup FORMAT CSV\n1\n2\n", "insert_deduplication_token=import-1");
        await store.TextAsync("INSERT INTO dedup FORMAT CSV\n1\n2\n", "insert_deduplication_token=import-1");
        await store.TextAsync("INSERT INTO dedup FORMAT CSV\n1\n2\n", "insert_deduplication_token=import-2");

        Assert.Equal("4", await store.TextAsync("SELECT count() FROM dedup"));
    }

    [Fact]
    public async Task A_backup_restores()
    {
        await using var store = await ClickHouseStore.StartAsync();
        await store.TextAsync("CREATE DATABASE campus");
        await store.TextAsync("CREATE TABLE campus.t (a UInt64) ENGINE = MergeTree ORDER BY a");
        await store.TextAsync("INSERT INTO campus.t SELECT number FROM numbers(1000)");

        Assert.Contains("BACKUP_CREATED", await store.TextAsync("BACKUP DATABASE campus TO File('first')"), StringComparison.Ordinal);
        await store.TextAsync("DROP DATABASE campus");
        Assert.Contains("RESTORED", await store.TextAsync("RESTORE DATABASE campus FROM File('first')"), StringComparison.Ordinal);

        Assert.Equal("1000", await store.TextAsync("SELECT count() FROM campus.t"));
        Assert.True(Directory.Exists(Path.Combine(store.Data, "..", "backups", "first")));
        Assert.NotEqual("", await store.CodeAsync("BACKUP DATABASE campus TO File('/tmp/provost-outside')"));
    }

    [Fact]
    public async Task Sigterm_ends_the_process_in_order_and_the_data_stay()
    {
        await using var store = await ClickHouseStore.StartAsync();
        await store.TextAsync("CREATE TABLE kept (a UInt64) ENGINE = MergeTree ORDER BY a");
        await store.TextAsync("INSERT INTO kept VALUES (1)");
        await store.TextAsync("SET max_threads = 1", "session_id=left-open");

        Assert.Equal(0, await store.Process.StopAsync());
        await store.StartAgainAsync();

        Assert.Equal("1", await store.TextAsync("SELECT a FROM kept"));
    }

    [Fact]
    public async Task A_second_process_on_the_same_data_is_refused_with_the_first_ones_number()
    {
        await using var store = await ClickHouseStore.StartAsync();
        await using var second = store.Launch();

        Assert.NotEqual(0, await second.ExitAsync());
        Assert.Contains($"in use by process {store.Process.Id}", second.Output, StringComparison.Ordinal);
    }

    private static async Task WriteAsync(ClickHouseStore store, long first, ConcurrentBag<long> acknowledged)
    {
        for (var batch = first; ; batch++)
        {
            var data = new StringBuilder("INSERT INTO facts FORMAT CSV\n");
            for (var row = 0; row < BatchRows; row++)
            {
                data.Append(CultureInfo.InvariantCulture, $"{batch},{row}\n");
            }

            try
            {
                using var answer = await store.PostAsync(data.ToString());
                if (!answer.IsSuccessStatusCode)
                {
                    return;
                }

                acknowledged.Add(batch);
            }
            catch (HttpRequestException)
            {
                return;
            }
        }
    }

    private sealed class StreamedContent(Func<Stream, Task> write) : HttpContent
    {
        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => write(stream);

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
