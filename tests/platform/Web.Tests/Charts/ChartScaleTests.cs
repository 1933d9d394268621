using Provost.Web.Charts;

namespace Provost.Web.Tests.Charts;

public sealed class ChartScaleTests
{
    [Fact]
    public void Ticks_are_round_and_inside()
    {
        Assert.Equal([0, 20, 40, 60, 80, 100], new ChartScale(0, 100, 0, 1).Ticks(5));
        Assert.Equal([0, 25, 50, 75, 100], new ChartScale(0, 100, 0, 1).Ticks(4));
        Assert.Equal([-0.2, 0, 0.2, 0.4, 0.6, 0.8, 1], new ChartScale(-0.3, 1, 0, 1).Ticks(7));
    }

    [Fact]
    public void Zero_is_never_minus_zero() =>
        Assert.DoesNotContain(new ChartScale(-1, 1, 0, 1).Ticks(4), tick => tick == 0 && double.IsNegative(tick));

    [Fact]
    public void Values_beyond_the_range_stay_at_its_edge()
    {
        var scale = new ChartScale(0, 100, 300, 20);

        Assert.Equal(300, scale.At(-5));
        Assert.Equal(20, scale.At(130));
        Assert.Equal(160, scale.At(50));
    }
}
