using Provost.Contracts;
using Provost.Web.Display;

namespace Provost.Web.Tests.Display;

public sealed class FiguresTests
{
    [Fact]
    public void A_minus_is_a_minus_and_zero_has_none()
    {
        Assert.Equal("\u22121.5", Figures.Number(-1.5));
        Assert.Equal("0", Figures.Number(-0.0));
        Assert.Equal("0", Figures.Number(-0.01));
        Assert.Equal("0", Figures.Number(-0.2, 0));
        Assert.Equal("+2.5", Figures.Signed(2.5));
        Assert.Equal("0", Figures.Signed(0));
    }

    [Fact]
    public void Large_counts_are_grouped() => Assert.Equal("121,738", Figures.Number(121_738, 0));

    [Theory]
    [InlineData("B", "Section B")]
    [InlineData("Section B", "Section B")]
    [InlineData("A; B", "A; B")]
    public void A_section_is_called_one_once(string name, string text) => Assert.Equal(text, Figures.Section(name));

    [Theory]
    [InlineData(20, "just now")]
    [InlineData(60, "1\u00a0minute ago")]
    [InlineData(7200, "2\u00a0hours ago")]
    [InlineData(86400 * 3, "3\u00a0days ago")]
    [InlineData(86400 * 40, "on 22 Jan 2026")]
    public void The_past_is_told_as_people_do(int seconds, string expected)
    {
        var now = new DateTimeOffset(2026, 3, 3, 12, 0, 0, TimeSpan.Zero);

        Assert.Equal(expected, Figures.Ago(now.AddSeconds(-seconds), now));
    }

    [Fact]
    public void A_due_day_is_a_date_once_the_start_is_known()
    {
        Assert.Equal("day\u00a019", Figures.Day(19.4));
        Assert.Equal("Sat 26 Sep", Figures.Day(19.4, new DateOnly(2026, 9, 7)));
    }

    [Theory]
    [InlineData(1.0, 2.0, TrendDirection.Up)]
    [InlineData(-2.0, -1.0, TrendDirection.Down)]
    [InlineData(-1.0, 2.0, TrendDirection.Flat)]
    [InlineData(0.0, 2.0, TrendDirection.Flat)]
    public void Only_an_interval_that_leaves_out_zero_is_a_trend(double low, double high, object expected) =>
        Assert.Equal((TrendDirection)expected, RiskWords.Direction(new Estimate(0.5, 9, low, high)));
}
