using Provost.Analytics.Cells;
using Provost.Gradebooks.Values;

namespace Provost.Gradebooks.Tests;

public sealed class CellStateTests
{
    private static async Task<Cell[]> Column(params string[] cells)
    {
        var book = await TestFiles.ReadTextAsync("Name,Always,Quiz\n" + string.Concat(cells.Select((cell, i) => $"S{i},1,\"{cell}\"\n")));
        return [.. Enumerable.Range(0, cells.Length).Select(i => book.Cells[i * book.Assessments.Count + 1])];
    }

    [Fact]
    public async Task A_blank_is_missing_where_half_of_the_students_have_a_grade() =>
        Assert.Equal([CellState.Graded, CellState.Graded, CellState.Missing, CellState.Missing], (await Column("10", "8", "", "-")).Select(c => c.State));

    [Fact]
    public async Task A_blank_is_not_due_where_fewer_have_a_grade() =>
        Assert.Equal([CellState.Graded, CellState.NotDue, CellState.NotDue], (await Column("10", "", "")).Select(c => c.State));

    [Fact]
    public async Task Nothing_is_due_where_nobody_has_a_grade() =>
        Assert.All(await Column("", "", ""), cell => Assert.Equal(CellState.NotDue, cell.State));

    [Fact]
    public async Task A_stated_zero_is_a_grade()
    {
        var cells = await Column("0", "0.0", "10");
        Assert.Equal([0, 0, 100], cells.Select(c => c.Score));
    }

    [Theory]
    [InlineData("EX", CellState.Excused)]
    [InlineData("excused", CellState.Excused)]
    [InlineData("Exempt", CellState.Excused)]
    [InlineData("Missing", CellState.Missing)]
    [InlineData("nicht abgegeben", CellState.Missing)]
    [InlineData("In Progress", CellState.Pending)]
    [InlineData("Needs Grading(88.00)", CellState.Pending)]
    [InlineData("!", CellState.Pending)]
    [InlineData("Turned in", CellState.Pending)]
    [InlineData("N/A", CellState.NotDue)]
    [InlineData("Assigned", CellState.NotDue)]
    public async Task Words_state_what_is_the_case(string word, CellState state) =>
        Assert.Equal(state, (await Column("10", "9", "8", word))[3].State);

    [Fact]
    public async Task Every_reading_of_a_blank_is_named_with_its_count()
    {
        var book = await TestFiles.ReadTextAsync("Name,HW 1,HW 2\nA,10,\nB,9,\nC,,8\nD,7,\n");
        Assert.Contains(book.Guesses, guess => guess.Contains("missing", StringComparison.Ordinal) && guess.Contains("\"HW 1\" (1 blank)", StringComparison.Ordinal));
        Assert.Contains(book.Guesses, guess => guess.Contains("not due", StringComparison.Ordinal) && guess.Contains("\"HW 2\" (3 blank)", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("8.5", false, 8.5)]
    [InlineData("8,5", true, 8.5)]
    [InlineData("8,5", false, 8.5)]
    [InlineData("8.5", true, 8.5)]
    [InlineData("1,499", false, 1499)]
    [InlineData("1.499", false, 1.499)]
    [InlineData("1.499", true, 1499)]
    [InlineData("1,499", true, 1.499)]
    [InlineData("1,234.50", true, 1234.5)]
    [InlineData("1.234,50", false, 1234.5)]
    [InlineData("1'234", false, 1234)]
    [InlineData("1\u202F234,5", true, 1234.5)]
    [InlineData("0,125", false, 0.125)]
    [InlineData("-5", false, -5)]
    [InlineData("\u22125", false, -5)]
    [InlineData("+3", false, 3)]
    public void Numbers_are_read_as_people_write_them(string text, bool comma, double expected) =>
        Assert.Equal(expected, NumberText.Parse(text, comma ? DecimalMark.Comma : DecimalMark.Point));

    [Theory]
    [InlineData("")]
    [InlineData("B+")]
    [InlineData("1e999")]
    [InlineData("NaN")]
    [InlineData("Infinity")]
    [InlineData("--5")]
    [InlineData("1 2")]
    [InlineData("12:30")]
    public void What_is_not_a_number_is_not_read_as_one(string text) => Assert.Null(NumberText.Parse(text, DecimalMark.Point));

    [Theory]
    [InlineData("85/100", 85, 100)]
    [InlineData("17 / 20", 17, 20)]
    [InlineData("8.5 out of 10", 8.5, 10)]
    [InlineData("10/20 Late", 10, 20)]
    public void Ratios_keep_both_numbers(string text, double value, double outOf) =>
        Assert.Equal(new CellValue(CellKind.Ratio, value, outOf), CellValueReader.Read(text, DecimalMark.Point));
}
