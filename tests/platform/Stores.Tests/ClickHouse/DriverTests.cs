using System.Net;
using ClickHouse.Driver;
using ClickHouse.Driver.ADO;
using ClickHouse.Driver.Utility;

namespace Provost.Stores.Tests.ClickHouse;

/// <summary>The official driver works as against a server.</summary>
[Collection(nameof(SharedStore))]
public sealed class DriverTests(SharedStore shared)
{
    [Theory]
    [InlineData("toUInt8(255)", (byte)255)]
    [InlineData("toInt64(-9223372036854775808)", long.MinValue)]
    [InlineData("toFloat64(0.1)", 0.1)]
    [InlineData("'naïve 日本 \\'quoted\\''", "naïve 日本 'quoted'")]
    [InlineData("toNullable(1) = 2", (byte)0)]
    [InlineData("true", true)]
    [InlineData("toUUID('5b6f0a2e-0000-4000-8000-00000000000a')", "5b6f0a2e-0000-4000-8000-00000000000a")]
    [InlineData("CAST('a', 'Enum8(\\'a\\' = 1)')", "a")]
    [InlineData("toLowCardinality('x')", "x")]
    public async Task Scalars_keep_their_type_and_value(string sql, object expected)
    {
        await using var connection = shared.Get().Connect();

        var value = await connection.ExecuteScalarAsync($"SELECT {sql}");

        Assert.Equal(expected, value is Guid guid ? guid.ToString() : value);
    }

    [Fact]
    public async Task Nulls_dates_decimals_arrays_tuples_and_maps_arrive()
    {
        await using var connection = shared.Get().Connect();
        await using var reader = await connection.ExecuteReaderAsync(
            "SELECT NULL, toDateTime64('2026-02-03 04:05:06.789', 3, 'UTC'), toDecimal64(12.34, 2), [1, 2], ('a', 1), map('k', 2), toDate('2026-01-01')");

        Assert.True(reader.Read());
        Assert.Equal(DBNull.Value, reader.GetValue(0));
        Assert.Equal(new DateTime(2026, 2, 3, 4, 5, 6, 789), reader.GetDateTime(1));
        Assert.Equal(12.34m, Convert.ToDecimal(reader.GetValue(2)));
        Assert.Equal(new byte[] { 1, 2 }, reader.GetValue(3));
        Assert.Equal(("a", (byte)1).ToTuple(), reader.GetValue(4));
        Assert.Equal((byte)2, ((Dictionary<string, byte>)reader.GetValue(5))["k"]);
        Assert.Equal(new DateTime(2026, 1, 1), reader.GetDateTime(6));
        Assert.False(reader.Read());
    }

    [Theory]
    [InlineData("it's \\ a \n line\ttab")]
    [InlineData("")]
    [InlineData("'; DROP TABLE x; --")]
    public async Task Parameters_are_bound_not_pasted(string text)
    {
        await using var connection = shared.Get().Connect();
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT {text:String}, {number:UInt32}, {list:Array(Int32)}, {nothing:Nullable(String)}";
        command.AddParameter("text", text);
        command.AddParameter("number", 7);
        command.AddParameter("list", new[] { 1, -2 });
        command.AddParameter("nothing", null);

        await using var reader = await command.ExecuteReaderAsync();

        Assert.True(reader.Read());
        Assert.Equal(text, reader.GetString(0));
        Assert.Equal(7u, reader.GetValue(1));
        Assert.Equal(new[] { 1, -2 }, reader.GetValue(2));
        Assert.True(reader.IsDBNull(3));
    }

    [Fact]
    public async Task Parameters_in_a_form_are_bound_too()
    {
        using var client = new ClickHouseClient(new ClickHouseClientSettings(shared.Get().Connect().ConnectionString) { UseFormDataParameters = true });
        var parameters = new global::ClickHouse.Driver.ADO.Parameters.ClickHouseParameterCollection();
        parameters.AddParameter("x", 41);

        Assert.Equal(42L, Convert.ToInt64(await client.ExecuteScalarAsync("SELECT {x:Int32} + 1", parameters)));
    }

    [Fact]
    public async Task An_insert_with_parameters_in_values_inserts_them()
    {
        var store = shared.Get();
        await store.TextAsync("CREATE TABLE driver_values (a UInt64, s Nullable(String)) ENGINE = MergeTree ORDER BY a");
        await using var connection = store.Connect();
        await using var command = connection.CreateCommand();
        command.CommandText = "INSERT INTO driver_values VALUES ({a:UInt64}, {s:Nullable(String)}), (2, NULL)";
        command.AddParameter("a", 1);
        command.AddParameter("s", "it's");

        await command.ExecuteNonQueryAsync();

        Assert.Equal("1\tit\\'s\n2\t\\N", await store.TextAsync("SELECT * FROM driver_values ORDER BY a"));
    }

    [Theory]
    [InlineData("Compression=true")]
    [InlineData("Compression=false")]
    [InlineData("Compression=true;AcceptEncoding=zstd")]
    [InlineData("Compression=true;AcceptEncoding=deflate")]
    public async Task A_hundred_thousand_rows_go_in_and_come_out(string options)
    {
        var store = shared.Get();
        var table = $"bulk_{Guid.NewGuid():N}";
        await store.TextAsync($"CREATE TABLE {table} (id UInt64, name String, score Nullable(Float64), at DateTime) ENGINE = MergeTree ORDER BY id");
        using var client = new ClickHouseClient(store.Connect(options).ConnectionString);
        var start = new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        var rows = Enumerable.Range(0, 100_000)
            .Select(i => new object[] { (ulong)i, $"student {i}", i % 3 == 0 ? null! : i / 7.0, start.AddSeconds(i) });

        var written = await client.InsertBinaryAsync(table, ["id", "name", "score", "at"], rows);

        Assert.Equal(100_000, written);
        await using var reader = await client.ExecuteReaderAsync($"SELECT id, name, score FROM {table} ORDER BY id");
        var count = 0;
        for (; reader.Read(); count++)
        {
            Assert.Equal((ulong)count, reader.GetValue(0));
            Assert.Equal($"student {count}", reader.GetString(1));
            Assert.Equal(count % 3 == 0, reader.IsDBNull(2));
        }

        Assert.Equal(100_000, count);
    }

    [Fact]
    public async Task A_raw_stream_is_inserted_and_read_back_in_its_format()
    {
        var store = shared.Get();
        await store.TextAsync("CREATE TABLE raw_stream (a UInt32, b String) ENGINE = MergeTree ORDER BY a");
        using var client = new ClickHouseClient(store.Connect().ConnectionString);
        using var data = new MemoryStream("1,one\n2,\"two, too\"\n"u8.ToArray());

        using var answer = await client.InsertRawStreamAsync("raw_stream", data, "CSV", ["a", "b"]);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        using var raw = await client.ExecuteRawResultAsync("SELECT * FROM raw_stream ORDER BY a FORMAT JSONCompactEachRow");
        Assert.Equal("[1, \"one\"]\n[2, \"two, too\"]\n", System.Text.Encoding.UTF8.GetString(await raw.ReadAsByteArrayAsync()));
    }

    [Fact]
    public async Task Errors_have_the_codes_of_the_server()
    {
        await using var connection = shared.Get().Connect();

        var error = await Assert.ThrowsAsync<ClickHouseServerException>(() => connection.ExecuteScalarAsync("SELECT * FROM no_such_table"));

        Assert.Equal(60, error.ErrorCode);
        Assert.Contains("(UNKNOWN_TABLE) (version ", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Compression=false")]
    [InlineData("Compression=true")]
    public async Task An_error_in_the_middle_of_a_result_reaches_the_reader(string options)
    {
        await using var connection = shared.Get().Connect(options);
        await using var reader = await connection.ExecuteReaderAsync("SELECT number, toString(cityHash64(number)), throwIf(number = 1500000, 'too late') FROM numbers(2000000)");

        var error = Assert.ThrowsAny<Exception>(() =>
        {
            while (reader.Read())
            {
            }
        });

        Assert.Contains("too late", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_session_keeps_settings_and_temporary_tables()
    {
        await using var connection = shared.Get().Connect($"UseSession=true;SessionId={Guid.NewGuid()}");
        await connection.ExecuteStatementAsync("CREATE TEMPORARY TABLE mine (a UInt8)");
        await connection.ExecuteStatementAsync("INSERT INTO mine VALUES (3)");
        await connection.ExecuteStatementAsync("SET max_threads = 1");

        Assert.Equal((byte)3, await connection.ExecuteScalarAsync("SELECT a FROM mine"));
        Assert.Equal("1", (await connection.ExecuteScalarAsync("SELECT toString(getSetting('max_threads'))"))?.ToString());
    }

    [Fact]
    public async Task Sixteen_queries_at_once_all_get_their_own_answer()
    {
        var store = shared.Get();

        var sums = await Task.WhenAll(Enumerable.Range(1, 16).Select(async i =>
        {
            await using var connection = store.Connect();
            return Convert.ToInt64(await connection.ExecuteScalarAsync($"SELECT sum(number) FROM numbers({i * 100_000})"));
        }));

        Assert.Equal(Enumerable.Range(1, 16).Select(i => i * 100_000L).Select(n => n * (n - 1) / 2), sums);
    }
}
