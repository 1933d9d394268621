using Provost.Analytics.Numerics;
using Provost.Analytics.Tests.Naive;

namespace Provost.Analytics.Tests.Numerics;

public class OrderStatisticsTests
{
    [Fact]
    public void Selecting_finds_what_sorting_finds()
    {
        var random = new Random(3);
        for (var round = 0; round < 2_000; round++)
        {
            var values = RandomCourse.Values(random, 1 + random.Next(round % 10 == 0 ? 3_000 : 60), ties: round % 2 == 0);
            var sorted = values.Order().ToArray();
            var rank = random.Next(values.Length);
            Assert.Equal(sorted[rank], OrderStatistics.Select(values, rank));
            Assert.All(values[..rank], v => Assert.True(v <= values[rank]));
            Assert.All(values[rank..], v => Assert.True(v >= values[rank]));
            Close.Equal(NaiveStatistics.Median(sorted), OrderStatistics.Median(values), 1e-15);
        }
    }

    [Fact]
    public void Selecting_ends_among_infinities_and_among_equals()
    {
        Assert.Equal(double.PositiveInfinity, OrderStatistics.Select([double.PositiveInfinity, 1, double.PositiveInfinity, double.PositiveInfinity], 2));
        Assert.Equal(0, OrderStatistics.Select(new double[5_000], 2_500));
        Assert.Equal(0, OrderStatistics.Select([0, -0.0, double.NegativeInfinity, 0, -0.0], 1));
    }

    /// <summary>R: quantile(1:10) is 1, 3.25, 5.5, 7.75, 10.</summary>
    [Theory]
    [InlineData(0, 1)]
    [InlineData(0.25, 3.25)]
    [InlineData(0.5, 5.5)]
    [InlineData(0.75, 7.75)]
    [InlineData(1, 10)]
    public void Quantiles_are_of_type_7(double p, double expected) =>
        Assert.Equal(expected, OrderStatistics.Quantile([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], p));

    [Fact]
    public void Mid_ranks_count_ties_half_and_leave_gaps_alone()
    {
        Assert.Equal([0.5 / 4, 2.0 / 4, double.NaN, 2.0 / 4, 3.5 / 4], OrderStatistics.MidRanks([1, 2, double.NaN, 2, 3]));
    }
}
