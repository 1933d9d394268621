using Provost.Gradebooks.Input;

namespace Provost.Gradebooks.Tests;

public sealed class TokenizerTests
{
    private static List<Row> Rows(string text, char delimiter = ',')
    {
        var rows = new List<Row>();
        var tokenizer = new RowTokenizer(delimiter, ReadLimits.Default, rows.Add);
        tokenizer.Feed(text);
        tokenizer.Finish();
        return rows;
    }

    [Theory]
    [InlineData("a,b", "a|b")]
    [InlineData("a,b,", "a|b|")]
    [InlineData("\"a,b\",c", "a,b|c")]
    [InlineData("\"a \"\"b\"\"\",c", "a \"b\"|c")]
    [InlineData("a, \"b,c\" ,d", "a|b,c|d")]
    [InlineData("\"Robert \"Bob, Jr\" Smith\",2", "Robert \"Bob, Jr\" Smith|2")]
    [InlineData("5\" disk,2", "5\" disk|2")]
    [InlineData("\"two\nlines\",2", "two\nlines|2")]
    [InlineData("\"\",\"\"", "|")]
    public void Cells_are_cut_as_people_mean_them(string line, string cells) => Assert.Equal(cells, string.Join('|', Assert.Single(Rows(line)).Cells));

    [Fact]
    public void Rows_know_the_line_on_which_they_start_whatever_ends_lines()
    {
        foreach (var end in new[] { "\n", "\r\n", "\r" })
            Assert.Equal([1, 2, 3], Rows($"a{end}b{end}c").Select(row => row.Line));
        Assert.Equal([1, 3], Rows("\"a\nb\"\nc").Select(row => row.Line));
    }

    [Fact]
    public void Rows_are_the_same_however_the_text_is_cut_into_blocks()
    {
        var text = "Name, \"Quiz \"\"1\"\"\",x\r\n\"A\r\nB\",\"C \"D\" E\" ,\r\nlast,row,";
        var whole = Rows(text).Select(row => string.Join('|', row.Cells)).ToList();
        for (var size = 1; size < text.Length; size++)
        {
            var rows = new List<string>();
            var tokenizer = new RowTokenizer(',', ReadLimits.Default, row => rows.Add(string.Join('|', row.Cells)));
            for (var at = 0; at < text.Length; at += size)
                tokenizer.Feed(text.AsSpan(at, Math.Min(size, text.Length - at)));
            tokenizer.Finish();
            Assert.Equal(whole, rows);
        }
    }
}
