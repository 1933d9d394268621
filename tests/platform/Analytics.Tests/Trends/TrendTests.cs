using Provost.Analytics.Tests.Naive;
using Provost.Analytics.Trends;

namespace Provost.Analytics.Tests.Trends;

public class TrendTests
{
    [Fact]
    public void Slope_interval_and_p_agree_with_the_naive_formulas()
    {
        var random = new Random(7);
        for (var round = 0; round < 500; round++)
        {
            var m = 4 + random.Next(30);
            var t = Enumerable.Range(0, m).Select(j => j + 0.3 * random.NextDouble()).ToArray();
            var y = RandomCourse.Values(random, m, ties: round % 3 == 0).Select((v, j) => v + round % 5 * j).ToArray();

            var trend = TrendAnalysis.Of(t, y);

            var (slope, low, high) = NaiveStatistics.TheilSen(t, y);
            Close.Equal(slope, trend.Slope.Value, 1e-13, "slope");
            Close.Equal(low, trend.Slope.Low, 1e-13, "low");
            Close.Equal(high, trend.Slope.High, 1e-13, "high");
            Close.Equal(NaiveStatistics.MannKendallP(t, y), trend.MannKendallP, 1e-9, "p");
            Close.Equal(NaiveStatistics.Covariance(t, y) / NaiveStatistics.Covariance(t, t), trend.LeastSquares.Value, 1e-11, "ols");
        }
    }

    /// <summary>R: confint(lm(dist ~ speed, cars))["speed", ] is 3.096964 to 4.767853; the slope is 3.932409.</summary>
    [Fact]
    public void Least_squares_reproduces_Rs_cars()
    {
        double[] speed = [4, 4, 7, 7, 8, 9, 10, 10, 10, 11, 11, 12, 12, 12, 12, 13, 13, 13, 13, 14, 14, 14, 14, 15, 15, 15, 16, 16, 17, 17, 17, 18, 18, 18, 18, 19, 19, 19, 20, 20, 20, 20, 20, 22, 23, 24, 24, 24, 24, 25];
        double[] distance = [2, 10, 4, 22, 16, 10, 18, 26, 34, 17, 28, 14, 20, 24, 28, 26, 34, 34, 46, 26, 36, 60, 80, 20, 26, 54, 32, 40, 32, 40, 50, 42, 56, 76, 84, 36, 46, 68, 32, 48, 52, 56, 64, 66, 54, 70, 92, 93, 120, 85];

        var slope = TrendAnalysis.LeastSquares(speed, distance);

        Assert.Equal(3.932409, slope.Value, 5e-7);
        Assert.Equal(3.096964, slope.Low, 5e-7);
        Assert.Equal(4.767853, slope.High, 5e-7);
    }

    [Fact]
    public void A_steady_decline_is_called_falling_and_one_wild_score_does_not_hide_it()
    {
        double[] weeks = [1, 2, 3, 4, 5, 6, 7, 8, 9];
        double[] scores = [90, 87, 84, 81, 100, 75, 72, 69, 66];

        var trend = TrendAnalysis.Of(weeks, scores);

        Assert.Equal(TrendDirection.Falling, trend.Direction);
        Assert.Equal(-3, trend.Slope.Value, 1e-12);
        Assert.True(trend.LeastSquares.Value > -3.5);
    }

    [Fact]
    public void Four_points_give_a_slope_but_no_word()
    {
        var trend = TrendAnalysis.Of([1, 2, 3, 4], [90, 80, 70, 60]);

        Assert.Equal(-10, trend.Slope.Value);
        Assert.False(trend.Slope.HasInterval);
        Assert.Equal(TrendDirection.Unclear, trend.Direction);
    }

    [Fact]
    public void Five_points_in_line_are_enough()
    {
        Assert.Equal(TrendDirection.Falling, TrendAnalysis.Of([1, 2, 3, 4, 5], [90, 80, 70, 60, 50]).Direction);
        Assert.Equal(TrendDirection.Rising, TrendAnalysis.Of([1, 2, 3, 4, 5], [50, 60, 70, 80, 90]).Direction);
    }

    [Fact]
    public void No_trend_is_called_falsely_much_more_often_than_one_in_twenty()
    {
        var random = new Random(8);
        double[] weeks = [.. Enumerable.Range(0, 12)];
        var called = Enumerable.Range(0, 1_000)
            .Count(_ => TrendAnalysis.Of(weeks, RandomCourse.Values(random, 12)).Direction != TrendDirection.Unclear);

        Assert.InRange(called, 20, 80);
    }

    [Fact]
    public void Equal_scores_have_slope_zero_and_p_one()
    {
        var trend = TrendAnalysis.Of([1, 2, 3, 4, 5], [7, 7, 7, 7, 7]);

        Assert.Equal((0.0, 0.0, 0.0), (trend.Slope.Value, trend.Slope.Low, trend.Slope.High));
        Assert.Equal(1, trend.MannKendallP);
        Assert.Equal(TrendDirection.Unclear, trend.Direction);
    }

    [Fact]
    public void Items_of_one_day_are_not_compared()
    {
        var same = TrendAnalysis.Of([2, 2, 2, 2], [1, 2, 3, 4]);
        Assert.Equal("undefined: all items fall on one day", same.Slope.Insufficient);

        var pairs = TrendAnalysis.Of([1, 1, 2, 2, 3, 3, 4, 4], [1, 1, 2, 2, 3, 3, 4, 4]);
        Assert.Equal(1, pairs.Slope.Value);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public void Fewer_than_four_points_give_the_reason(int m)
    {
        double[] x = [.. Enumerable.Range(0, m)];
        Assert.Equal($"needs 4 graded items, has {m}", TrendAnalysis.Of(x, x).Slope.Insufficient);
    }
}
