namespace Provost.Stores.Tests.ClickHouse;

/// <summary>The embedded engine has no grants: whoever may query must still not reach files, hosts or programs of the machine.</summary>
[Collection(nameof(SharedStore))]
public sealed class GuardTests(SharedStore shared)
{
    public static TheoryData<string> Escapes =>
    [
        "SELECT * FROM file('/etc/passwd', 'LineAsString')",
        "SELECT * FROM `file`('/etc/passwd', 'LineAsString')",
        "SELECT * FROM \"file\"('/etc/passwd', 'LineAsString')",
        "SELECT * FROM “file”('/etc/passwd', 'LineAsString')",
        "SELECT * FROM `fi\\x6ce`('/etc/passwd', 'LineAsString')",
        "SELECT * FROM file/* (a /* nested */ comment) */('/etc/passwd', 'LineAsString')",
        "SELECT * FROM file -- comment\n('/etc/passwd', 'LineAsString')",
        "SELECT * FROM file // comment\n('/etc/passwd', 'LineAsString')",
        "SELECT * FROM file # comment\n('/etc/passwd', 'LineAsString')",
        "SELECT * FROM file\u00a0('/etc/passwd', 'LineAsString')",
        "SELECT $x$ ' $x$, * FROM file('/etc/passwd', 'LineAsString')",
        "SELECT '\\'', * FROM file('/etc/passwd', 'LineAsString') WHERE '' = ''",
        "SELECT 1 WHERE 1 IN (SELECT file('/etc/passwd'))",
        "SELECT file('/etc/passwd')",
        "EXPLAIN SELECT * FROM file('/etc/passwd', 'LineAsString')",
        "DESCRIBE file('/etc/passwd')",
        "WITH x AS (SELECT * FROM file('/etc/passwd', 'LineAsString')) SELECT * FROM x",
        "SELECT * FROM url('http://127.0.0.1:1/', 'LineAsString')",
        "SELECT * FROM s3('http://127.0.0.1:1/x', 'CSV')",
        "SELECT * FROM remote('127.0.0.1', system.one)",
        "SELECT * FROM executable('id', 'TSV', 'x String')",
        "SELECT * FROM mysql('127.0.0.1:3306', 'a', 'b', 'c', 'd')",
        "SELECT * FROM sqlite('/etc/x', 't')",
        "SELECT * FROM eval('SELECT 1')",
        "SELECT * FROM format('Values', 'a String', $$(file('/etc/passwd'))$$)",
        "SELECT * FROM format(concat('Val', 'ues'), 'a String', '(1)')",
        "SELECT 1 INTO OUTFILE '/tmp/provost-escape'",
        "SELECT 1 INTO/**/OUTFILE '/tmp/provost-escape' FORMAT CSV",
        "INSERT INTO FUNCTION file('/tmp/provost-escape', 'CSV', 'a UInt8') VALUES (1)",
        "INSERT INTO t FROM INFILE '/etc/passwd' FORMAT CSV",
        "INSERT INTO guard_values VALUES (file('/etc/passwd'))",
        "INSERT INTO guard_values FORMAT Values ((SELECT count() FROM file('/etc/passwd', 'LineAsString')))",
        "CREATE TABLE escape (a String) ENGINE = File(CSV, '/etc/passwd')",
        "CREATE TABLE escape (a String) engine File('CSV')",
        "CREATE TABLE escape ENGINE=URL('http://127.0.0.1/', 'CSV')",
        "CREATE TABLE escape AS file('/etc/passwd', 'LineAsString')",
        "CREATE TABLE escape (a String) ENGINE = MergeTree ORDER BY a SETTINGS disk = disk(type = local, path = '/tmp/')",
        "CREATE DATABASE escape ENGINE = Filesystem('/etc')",
        "CREATE DATABASE escape ENGINE = SQLite('/etc/x')",
        "CREATE DICTIONARY d (a UInt64) PRIMARY KEY a SOURCE(FILE(PATH '/etc/passwd' FORMAT 'CSV')) LAYOUT(FLAT()) LIFETIME(1)",
        "CREATE DICTIONARY d (a UInt64) PRIMARY KEY a SOURCE(HTTP(URL 'http://127.0.0.1/' FORMAT 'CSV')) LAYOUT(FLAT()) LIFETIME(1)",
        "CREATE DICTIONARY d (a UInt64) PRIMARY KEY a SOURCE(CLICKHOUSE(QUERY 'SELECT file()')) LAYOUT(FLAT()) LIFETIME(1)",
        "CREATE NAMED COLLECTION c AS url = 'http://127.0.0.1/'",
        "CREATE FUNCTION f AS (x) -> file(x)",
        "ATTACH TABLE escape FROM '/etc' (a String) ENGINE = MergeTree ORDER BY a",
        "SYSTEM SHUTDOWN",
        "SYSTEM KILL",
        "CREATE TABLE p (a UInt8) ENGINE = Memory PARALLEL WITH SYSTEM SHUTDOWN",
        "BACKUP TABLE system.one TO S3('http://127.0.0.1/x')",
        "SELECT 1 FORMAT Template SETTINGS format_template_row = '/etc/passwd'",
        "SELECT 1 SETTINGS format_template_resultset = '/etc/passwd'",
        "SELECT 1 FORMAT Protobuf",
        "SET dialect = 'kusto'",
        "SELECT 1 SETTINGS additional_table_filters = {'system.one': 'file(\\'/etc/passwd\\') != \\'\\''}",
    ];

    [Theory]
    [MemberData(nameof(Escapes))]
    public async Task What_reaches_beyond_the_data_directory_is_refused(string sql)
    {
        var error = await shared.Get().ErrorAsync(sql);

        Assert.Equal((403, "497"), (error.Status, error.Code));
        Assert.False(File.Exists("/tmp/provost-escape"));
    }

    [Theory]
    [InlineData("SELECT * FROM `/etc/passwd`")]
    [InlineData("SELECT * FROM '/etc/passwd'")]
    [InlineData("SELECT * FROM default.`/etc/passwd`")]
    [InlineData("SELECT * FROM provost_engine_overlay.`/etc/passwd`")]
    [InlineData("DESCRIBE `/etc/passwd`")]
    public async Task A_file_is_no_table(string sql)
    {
        var error = await shared.Get().ErrorAsync(sql);

        Assert.Contains(error.Code, (string[])["60", "81", "62"]);
        Assert.DoesNotContain("root:", error.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("SELECT 'file(1) INTO OUTFILE SYSTEM SHUTDOWN' AS s", "file(1) INTO OUTFILE SYSTEM SHUTDOWN")]
    [InlineData("SELECT 1 AS file, 2 AS url /* file('x') */", "1\t2")]
    [InlineData("SELECT format('{} of {}', 'a', 'b')", "a of b")]
    [InlineData("SELECT sum(number) FROM numbers(4)", "6")]
    [InlineData("SELECT count() FROM values('a UInt8', 1, 2)", "2")]
    [InlineData("SELECT engine FROM system.databases WHERE name = 'default'", "Atomic")]
    public async Task What_only_looks_like_it_is_answered(string sql, string expected) =>
        Assert.Equal(expected, await shared.Get().TextAsync(sql));

    [Theory]
    [InlineData("format_schema=/etc/passwd")]
    [InlineData("dialect=kusto")]
    [InlineData("default_format=Template")]
    public async Task The_url_is_no_way_around(string query) =>
        Assert.Equal("497", (await shared.Get().ErrorAsync("SELECT 1", query)).Code);

    [Fact]
    public async Task Values_too_long_to_be_looked_through_may_hold_literals_only()
    {
        var store = shared.Get();
        await store.TextAsync("CREATE TABLE guard_long (a String) ENGINE = MergeTree ORDER BY a");
        var filler = string.Join(',', Enumerable.Repeat("('0123456789')", 30_000));

        await store.TextAsync($"INSERT INTO guard_long VALUES {filler}");
        await store.ErrorAsync($"INSERT INTO guard_long VALUES {filler},(file('/etc/passwd'))");

        Assert.Equal("30000", await store.TextAsync("SELECT count() FROM guard_long"));
    }
}
