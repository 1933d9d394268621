using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;

namespace Provost.Stores.Tests.ClickHouse;

/// <summary>What a client sees of the HTTP interface is what a ClickHouse server shows.</summary>
[Collection(nameof(SharedStore))]
public sealed class HttpInterfaceTests(SharedStore shared)
{
    [Fact]
    public async Task A_query_may_stand_in_the_url_in_the_body_or_in_both()
    {
        var store = shared.Get();
        using var fromUrl = await store.SendAsync(HttpMethod.Get, "query=SELECT%201%2B1");

        Assert.Equal("2\n", await fromUrl.Content.ReadAsStringAsync());
        Assert.Equal("3", await store.TextAsync("SELECT 1 + 2"));
        Assert.Equal("4", await store.TextAsync("1 + 3", "query=SELECT"));
    }

    [Fact]
    public async Task The_headers_are_those_of_the_server()
    {
        using var answer = await shared.Get().PostAsync("SELECT number FROM numbers(10) FORMAT JSONEachRow", "query_id=my-query");

        Assert.Equal("my-query", answer.Headers.GetValues("X-ClickHouse-Query-Id").Single());
        Assert.Equal("JSONEachRow", answer.Headers.GetValues("X-ClickHouse-Format").Single());
        Assert.Equal("UTC", answer.Headers.GetValues("X-ClickHouse-Timezone").Single());
        Assert.True(answer.Headers.Contains("X-ClickHouse-Server-Display-Name"));
        Assert.Contains("\"read_rows\":\"10\"", answer.Headers.GetValues("X-ClickHouse-Summary").Single(), StringComparison.Ordinal);
        Assert.Equal("application/x-ndjson", answer.Content.Headers.ContentType?.MediaType);
    }

    [Theory]
    [InlineData("default_format=JSONCompactEachRow", "[1]")]
    [InlineData("default_format=CSVWithNames", "\"x\"\n1")]
    [InlineData("", "1")]
    public async Task A_query_without_a_format_gets_the_default_one(string query, string expected) =>
        Assert.Equal(expected, await shared.Get().TextAsync("SELECT 1 AS x", query));

    [Fact]
    public async Task A_large_result_is_one_document()
    {
        var text = await shared.Get().TextAsync("SELECT number FROM numbers(300000) FORMAT JSON");

        using var json = System.Text.Json.JsonDocument.Parse(text);
        Assert.Equal(300_000, json.RootElement.GetProperty("rows").GetInt32());
        Assert.Equal(300_000, json.RootElement.GetProperty("data").GetArrayLength());
    }

    [Theory]
    [InlineData("SELECT 1 AS format", "1")]
    [InlineData("SELECT 1 -- FORMAT JSON\n", "1")]
    [InlineData("SELECT 'a;b' ;", "a;b")]
    [InlineData("SELECT 1 SETTINGS max_threads = 1 FORMAT TSV", "1")]
    [InlineData("WITH 2 AS x SELECT x", "2")]
    [InlineData("(SELECT 1) UNION ALL (SELECT 1)", "1\n1")]
    [InlineData("EXISTS TABLE no_such", "0")]
    [InlineData("SHOW DATABASES LIKE 'default'", "default")]
    [InlineData("SELECT 1 WHERE 0", "")]
    [InlineData("EXPLAIN SYNTAX SELECT 1", "SELECT 1\nFROM system.one")]
    public async Task Statements_that_give_rows_give_them(string sql, string expected) =>
        Assert.Equal(expected, await shared.Get().TextAsync(sql));

    [Theory]
    [InlineData("SELEC 1", 400, "62")]
    [InlineData("SELECT nope", 404, "47")]
    [InlineData("SELECT * FROM nope.t", 404, "81")]
    [InlineData("SELECT no_function(1)", 404, "46")]
    [InlineData("SELECT 1 FORMAT Nope", 404, "73")]
    [InlineData("SELECT toUInt8('x')", 400, "6")]
    [InlineData("SELECT {x:UInt8}", 500, "456")]
    [InlineData("SELECT 1; SELECT 2", 400, "62")]
    [InlineData("", 400, "62")]
    [InlineData("SELECT throwIf(1)", 500, "395")]
    public async Task Errors_have_the_status_and_the_code_of_the_server(string sql, int status, string code)
    {
        var error = await shared.Get().ErrorAsync(sql);

        Assert.Equal((status, code), (error.Status, error.Code));
        Assert.StartsWith($"Code: {code}. DB::Exception: ", error.Text, StringComparison.Ordinal);
        Assert.Contains(" (version 26.", error.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Settings_of_the_url_hold_for_one_query_and_unknown_ones_are_refused()
    {
        var store = shared.Get();

        Assert.Equal("3", await store.TextAsync("SELECT getSetting('max_threads')", "max_threads=3"));
        Assert.NotEqual("3", await store.TextAsync("SELECT getSetting('max_threads')"));
        Assert.Equal((404, "115"), (await store.ErrorAsync("SELECT 1", "no_such_setting=1")) is var (status, code, _) ? (status, code) : default);
    }

    [Theory]
    [InlineData("INSERT INTO read_only VALUES (1)")]
    [InlineData("CREATE TABLE read_only_2 (a UInt8) ENGINE = Memory")]
    [InlineData("DROP TABLE IF EXISTS read_only")]
    public async Task Get_only_reads(string sql)
    {
        var store = shared.Get();
        await store.TextAsync("CREATE TABLE IF NOT EXISTS read_only (a UInt8) ENGINE = MergeTree ORDER BY a");

        using var answer = await store.SendAsync(HttpMethod.Get, $"query={Uri.EscapeDataString(sql)}");

        Assert.Equal("164", answer.Headers.GetValues("X-ClickHouse-Exception-Code").Single());
        Assert.Equal("0", await store.TextAsync("SELECT count() FROM read_only"));
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("deflate")]
    [InlineData("br")]
    [InlineData("zstd")]
    public async Task Bodies_and_answers_may_be_compressed(string encoding)
    {
        var store = shared.Get();
        var packed = new MemoryStream();
        await using (var stream = Compress(packed, encoding))
        {
            await stream.WriteAsync("SELECT repeat('x', 100000)"u8.ToArray());
        }

        using var content = new ByteArrayContent(packed.ToArray());
        content.Headers.ContentEncoding.Add(encoding);
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(store.Url, "?enable_http_compression=1")) { Content = content };
        request.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue(encoding));
        request.Headers.Add("X-ClickHouse-User", "provost");
        request.Headers.Add("X-ClickHouse-Key", ClickHouseStore.Password);
        using var answer = await client.SendAsync(request);

        Assert.Equal(encoding, answer.Content.Headers.ContentEncoding.Single());
        var bytes = await answer.Content.ReadAsByteArrayAsync();
        Assert.True(bytes.Length < 20_000);
        using var text = new StreamReader(Decompress(new MemoryStream(bytes), encoding));
        Assert.Equal(new string('x', 100_000) + "\n", await text.ReadToEndAsync());
    }

    [Theory]
    [InlineData("provost", "wrong")]
    [InlineData("root", ClickHouseStore.Password)]
    [InlineData("provost", "")]
    public async Task Wrong_credentials_are_answered_with_403_and_code_516(string user, string password)
    {
        var store = shared.Get();
        using var client = new HttpClient();
        client.DefaultRequestHeaders.Add("X-ClickHouse-User", user);
        client.DefaultRequestHeaders.Add("X-ClickHouse-Key", password);
        using var byHeader = await client.GetAsync(new Uri(store.Url, "?query=SELECT+1"));
        using var anonymous = new HttpClient();
        using var byUrl = await anonymous.GetAsync(new Uri(store.Url, $"?query=SELECT+1&user={user}&password={Uri.EscapeDataString(password)}"));
        using var none = await anonymous.GetAsync(new Uri(store.Url, "?query=SELECT+1"));

        foreach (var answer in (HttpResponseMessage[])[byHeader, byUrl, none])
        {
            Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
            Assert.Equal("516", answer.Headers.GetValues("X-ClickHouse-Exception-Code").Single());
        }
    }

    [Fact]
    public async Task Ping_needs_no_credentials_and_no_engine()
    {
        using var client = new HttpClient();

        Assert.Equal("Ok.\n", await client.GetStringAsync(new Uri(shared.Get().Url, "ping")));
        Assert.Equal("Ok.\n", await client.GetStringAsync(new Uri(shared.Get().Url, "replicas_status")));
    }

    [Fact]
    public async Task A_session_keeps_its_own_settings_and_takes_those_of_one_query_back()
    {
        var store = shared.Get();
        await store.TextAsync("SET max_threads = 7", "session_id=s1");
        Assert.Equal("7", await store.TextAsync("SELECT getSetting('max_threads')", "session_id=s1"));
        Assert.Equal("2", await store.TextAsync("SELECT getSetting('max_threads')", "session_id=s1&max_threads=2"));
        Assert.Equal("7", await store.TextAsync("SELECT getSetting('max_threads')", "session_id=s1&session_check=1"));
        Assert.Equal("372", (await store.ErrorAsync("SELECT 1", "session_id=unknown&session_check=1")).Code);
    }

    [Fact]
    public async Task What_is_not_supported_says_so()
    {
        var store = shared.Get();

        Assert.Equal((501, "48"), (await store.ErrorAsync("SELECT 1", "compress=1")) is var (status, code, _) ? (status, code) : default);
        Assert.Contains("parameter role", (await store.ErrorAsync("SELECT 1", "role=admin")).Text, StringComparison.Ordinal);
        Assert.Equal("36", (await store.ErrorAsync("SELECT 1", "a%20b=1")).Code);
    }

    [Fact]
    public async Task Dates_without_a_zone_mean_utc() =>
        Assert.Equal("1970-01-01 00:00:00", await shared.Get().TextAsync("SELECT toDateTime(0)"));

    private static Stream Compress(Stream to, string encoding) => encoding switch
    {
        "gzip" => new GZipStream(to, CompressionLevel.Fastest, leaveOpen: true),
        "deflate" => new ZLibStream(to, CompressionLevel.Fastest, leaveOpen: true),
        "br" => new BrotliStream(to, CompressionLevel.Fastest, leaveOpen: true),
        _ => new ZstdSharp.CompressionStream(to, leaveOpen: true),
    };

    private static Stream Decompress(Stream from, string encoding) => encoding switch
    {
        "gzip" => new GZipStream(from, CompressionMode.Decompress),
        "deflate" => new ZLibStream(from, CompressionMode.Decompress),
        "br" => new BrotliStream(from, CompressionMode.Decompress),
        _ => new ZstdSharp.DecompressionStream(from),
    };
}
