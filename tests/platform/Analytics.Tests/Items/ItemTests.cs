using Provost.Analytics.Items;
using Provost.Analytics.Tests.Naive;

namespace Provost.Analytics.Tests.Items;

public class ItemTests
{
    /// <summary>Henrysson's correction is an identity: it turns r with the whole total into r with the rest.</summary>
    [Fact]
    public void The_corrected_point_biserial_is_the_correlation_with_the_rest()
    {
        var random = new Random(9);
        for (var round = 0; round < 200; round++)
        {
            var n = 20 + random.Next(100);
            var ability = RandomCourse.Values(random, n);
            var items = Enumerable.Range(0, 8).Select(_ => ability.Select(a => random.NextDouble() * 100 < a ? 100.0 : 0).ToArray()).ToArray();
            var total = Enumerable.Range(0, n).Select(i => items.Sum(item => item[i])).ToArray();
            if (items[0].Distinct().Count() < 2)
                continue;

            var corrected = ItemAnalysis.PointBiserial(items[0], total);

            var rest = total.Zip(items[0], (t, x) => t - x).ToArray();
            Close.Equal(NaiveStatistics.Correlation(items[0], rest), corrected.Value, 1e-10);
            Close.Equal(corrected.Value, ItemAnalysis.Discrimination(items[0], rest).Value, 1e-10);
        }
    }

    /// <summary>Fisher's interval for r = .5, n = 30: artanh .5 = .5493, 1.96/sqrt 27 = .3772, so .170 to .729.</summary>
    [Fact]
    public void The_interval_is_Fishers()
    {
        var (x, y) = WithCorrelation(0.5, 30);

        var r = ItemAnalysis.Discrimination(x, y);

        Assert.Equal(0.5, r.Value, 1e-12);
        Assert.Equal(Math.Tanh(Math.Atanh(0.5) - 1.959963984540054 / Math.Sqrt(27)), r.Low, 1e-12);
        Assert.Equal(0.7293, r.High, 5e-4);
    }

    [Fact]
    public void Kelleys_index_takes_27_per_cent_at_either_end()
    {
        var total = Enumerable.Range(0, 100).Select(i => (double)i).ToArray();
        var item = total.Select(t => t >= 73 ? 100.0 : t < 27 ? 0 : 50).ToArray();

        Assert.Equal(1, ItemAnalysis.UpperLower(item, total).Value, 1e-12);
        Assert.Equal(-1, ItemAnalysis.UpperLower(item, [.. total.Select(t => -t)]).Value, 1e-12);
    }

    [Fact]
    public void Kelleys_index_does_not_depend_on_the_order_of_tied_students()
    {
        var random = new Random(10);
        for (var round = 0; round < 100; round++)
        {
            var total = RandomCourse.Values(random, 50, ties: true);
            var item = RandomCourse.Values(random, 50);
            var order = Enumerable.Range(0, 50).OrderBy(_ => random.Next()).ToArray();

            var shuffled = ItemAnalysis.UpperLower([.. order.Select(i => item[i])], [.. order.Select(i => total[i])]);

            Close.Equal(ItemAnalysis.UpperLower(item, total).Value, shuffled.Value, 1e-12);
        }
    }

    [Theory]
    [InlineData(0.45, "very good")]
    [InlineData(0.40, "very good")]
    [InlineData(0.30, "good")]
    [InlineData(0.20, "marginal")]
    [InlineData(0.00, "poor")]
    [InlineData(-0.01, "check the key")]
    public void Labels_are_Ebels(double discrimination, string label) => Assert.Equal(label, DiscriminationLabel.For(discrimination));

    [Fact]
    public void Facility_is_the_mean_share_of_the_points()
    {
        var facility = ItemAnalysis.Facility([100, 50, double.NaN, 0, 110]);

        Assert.Equal(4, facility.N);
        Assert.Equal(0.65, facility.Value, 1e-12);
        Assert.True(facility.Low < 0.65 && facility.High > 0.65);
        Assert.Equal("no scores", ItemAnalysis.Facility([double.NaN]).Insufficient);
        Assert.False(ItemAnalysis.Facility([80]).HasInterval);
    }

    [Fact]
    public void Nothing_is_said_below_twenty_students_or_without_variation()
    {
        double[] few = [.. Enumerable.Range(0, 19)], many = [.. Enumerable.Range(0, 30)], flat = [.. Enumerable.Repeat(33.3, 30)];

        Assert.Equal("needs 20 students, has 19", ItemAnalysis.Discrimination(few, few).Insufficient);
        Assert.Equal("needs 20 students, has 19", ItemAnalysis.UpperLower(few, few).Insufficient);
        Assert.Equal("undefined: the scores do not vary", ItemAnalysis.Discrimination(flat, many).Insufficient);
        Assert.Equal("scores other than 0 and 100 %", ItemAnalysis.PointBiserial(many, many).Insufficient);
    }

    private static (double[] X, double[] Y) WithCorrelation(double r, int n)
    {
        var x = Enumerable.Range(0, n).Select(i => (double)i).ToArray();
        var noise = Enumerable.Range(0, n).Select(i => i * 7919 % 31 * 1.0).ToArray();
        var slope = NaiveStatistics.Covariance(x, noise) / NaiveStatistics.Covariance(x, x);
        var e = noise.Select((v, i) => v - slope * x[i]).ToArray();
        var (sx, se, me) = (NaiveStatistics.Sd(x), NaiveStatistics.Sd(e), NaiveStatistics.Mean(e));
        return (x, [.. x.Select((v, i) => r * v / sx + Math.Sqrt(1 - r * r) * (e[i] - me) / se)]);
    }
}
