using System.Text;
using Provost.Stores.ClickHouse.Http;
using Provost.Stores.ClickHouse.Sql;

namespace Provost.Stores.Tests.ClickHouse;

/// <summary>Where a statement ends and its data begin.</summary>
public sealed class StatementTests
{
    [Theory]
    [InlineData("INSERT INTO t FORMAT CSV\n1,2", "CSV", "INSERT INTO t ", "1,2")]
    [InlineData("INSERT INTO t (a, b) FORMAT RowBinary\r\n\0\x01", "RowBinary", "INSERT INTO t (a, b) ", "\0\x01")]
    [InlineData("insert into db.t settings x = 1 format JSONEachRow {\"a\":1}", "JSONEachRow", "insert into db.t settings x = 1 ", "{\"a\":1}")]
    [InlineData("INSERT INTO t VALUES (1, ')')", "Values", "INSERT INTO t ", " (1, ')')")]
    [InlineData("INSERT INTO TABLE values VALUES (1)", "Values", "INSERT INTO TABLE values ", " (1)")]
    [InlineData("INSERT INTO format (format) FORMAT TSV\n\n", "TSV", "INSERT INTO format (format) ", "\n")]
    [InlineData("/* x */ INSERT INTO `a.b` -- VALUES\n FORMAT CSV\nFORMAT", "CSV", "/* x */ INSERT INTO `a.b` -- VALUES\n ", "FORMAT")]
    public void The_data_of_an_insert_begin_where_they_do_for_clickhouse(string sql, string format, string head, string data)
    {
        var bytes = Encoding.UTF8.GetBytes(sql);

        var (statement, _) = QueryText.Parse(bytes);

        Assert.Equal(StatementKind.Insert, statement.Kind);
        Assert.Equal(format, statement.Format);
        Assert.Equal(head, Encoding.UTF8.GetString(bytes[..statement.HeadEnd]));
        Assert.Equal(data, Encoding.UTF8.GetString(bytes[statement.DataStart..]));
    }

    [Theory]
    [InlineData("INSERT INTO t SELECT 1", "INSERT")]
    [InlineData("INSERT INTO t (a) (SELECT 1)", "INSERT")]
    [InlineData("INSERT INTO t WITH x AS (SELECT 1) SELECT * FROM x", "INSERT")]
    [InlineData("WITH x AS (SELECT 1) INSERT INTO t SELECT * FROM x", "WITH")]
    [InlineData("CREATE TABLE t (a UInt8) ENGINE = Memory", "CREATE")]
    [InlineData("OPTIMIZE TABLE t FINAL", "OPTIMIZE")]
    public void What_gives_no_rows_is_a_command(string sql, string verb)
    {
        var (statement, _) = QueryText.Parse(Encoding.UTF8.GetBytes(sql));

        Assert.Equal((StatementKind.Command, verb), (statement.Kind, statement.Verb));
    }

    [Theory]
    [InlineData("SELECT 1", null)]
    [InlineData("SELECT 1 FORMAT JSON", "JSON")]
    [InlineData("SELECT 1 FORMAT JSON;", "JSON")]
    [InlineData("SELECT 1 FORMAT JSON SETTINGS max_threads = 1", "JSON")]
    [InlineData("SELECT format FROM t", null)]
    [InlineData("SELECT 1 AS format", null)]
    [InlineData("SELECT (SELECT 1 FORMAT x) FROM t", null)]
    public void The_format_of_a_query_is_its_last_clause(string sql, string? format)
    {
        var (statement, _) = QueryText.Parse(Encoding.UTF8.GetBytes(sql));

        Assert.Equal((StatementKind.Rows, format), (statement.Kind, statement.Format));
    }

    [Theory]
    [InlineData("SELECT 1; SELECT 2", true)]
    [InlineData("SELECT 1;;", false)]
    [InlineData("SELECT ';' -- ; \n", false)]
    [InlineData("DROP TABLE a; DROP TABLE b", true)]
    public void A_second_statement_is_seen(string sql, bool second) =>
        Assert.Equal(second, QueryText.Parse(Encoding.UTF8.GetBytes(sql)).Statement.Tail >= 0);

    [Fact]
    public void The_lexer_never_throws_and_never_loses_its_place()
    {
        var random = new Random(20260101);
        var pieces = (string[])["'", "\"", "`", "\\", "$a$", "$", "/*", "*/", "--", "\n", "x'", "‘", "’", "“", "”", "0x", "1e", "a", " ", "(", "\u00a0", "é", "#", ";"];
        for (var round = 0; round < 20_000; round++)
        {
            var sql = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, random.Next(12)).Select(_ => pieces[random.Next(pieces.Length)])));
            var end = 0;
            foreach (var token in Lexer.All(sql))
            {
                Assert.True(token.Start >= end && token.End > token.Start && token.End <= sql.Length);
                end = token.End;
            }

            _ = QueryText.Parse(sql);
        }
    }
}
