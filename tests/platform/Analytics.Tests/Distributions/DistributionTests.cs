using Provost.Analytics.Distributions;
using Provost.Analytics.Tests.Naive;

namespace Provost.Analytics.Tests.Distributions;

public class DistributionTests
{
    /// <summary>
    /// D'Agostino, Belanger and D'Agostino Jr. (1990), The American Statistician 44: 316-321, cholesterol of 62 persons: sqrt b1 =
    /// 1.02, b2 = 4.58 give Z = 3.14 and 2.21, K2 = 14.75.
    /// </summary>
    [Fact]
    public void Normality_test_reproduces_the_published_example()
    {
        var shape = Shape.Given(62, 1.02, 4.58);

        var (skewness, kurtosis) = (NormalityTest.SkewnessZ(shape), NormalityTest.KurtosisZ(shape));

        Assert.Equal(3.14, skewness, 0.01);
        Assert.Equal(2.21, kurtosis, 0.01);
        Assert.Equal(14.75, skewness * skewness + kurtosis * kurtosis, 0.05);
        Assert.Equal(Math.Exp(-14.75 / 2), NormalityTest.DAgostinoPearson(shape, 20).Value, 3e-5);
    }

    /// <summary>SciPy's documentation of scipy.stats.skew: skew([2, 8, 0, 4, 1, 9, 9, 0]) is 0.2650554122698573.</summary>
    [Fact]
    public void Population_skewness_is_that_of_SciPys_documentation() =>
        Close.Equal(0.2650554122698573, new Shape([0, 0, 1, 2, 4, 8, 9, 9]).G1Population, 1e-14);

    [Fact]
    public void Everything_agrees_with_the_naive_formulas()
    {
        var random = new Random(4);
        for (var round = 0; round < 300; round++)
        {
            var x = RandomCourse.Values(random, 20 + random.Next(80), ties: round % 3 == 0);
            var d = DistributionAnalysis.Of(x);
            double n = x.Length, g1 = NaiveStatistics.Skewness(x), g2 = NaiveStatistics.Kurtosis(x);
            Close.Equal(NaiveStatistics.Mean(x), d.Mean.Value, 1e-13);
            Close.Equal(NaiveStatistics.Median(x), d.Median.Value, 1e-14);
            Close.Equal(NaiveStatistics.Sd(x), d.StandardDeviation.Value, 1e-12);
            Close.Equal(g1, d.Skewness.Value, 1e-10);
            Close.Equal(g2, d.ExcessKurtosis.Value, 1e-10);
            var error = Math.Sqrt(6 * n * (n - 1) / ((n - 2) * (n + 1) * (n + 3)));
            Close.Equal(g1 + 1.959963984540054 * error, d.Skewness.High, 1e-10);
            Close.Equal(g2 - 1.959963984540054 * 2 * error * Math.Sqrt((n * n - 1) / ((n - 3) * (n + 5))), d.ExcessKurtosis.Low, 1e-10);
            Close.Equal((g1 * g1 + 1) / (g2 + 3 * (n - 1) * (n - 1) / ((n - 2) * (n - 3))), d.Bimodality.Value, 1e-10);
            Assert.Equal(x.Count(v => v >= 95) / n, d.CeilingShare);
            Assert.Equal(x.Count(v => v <= 5) / n, d.FloorShare);
            Assert.Equal(x.Length, d.Counts.Sum());
            Assert.InRange(d.NormalityP.Value, 0, 1);
        }
    }

    [Fact]
    public void Normal_values_look_normal_and_two_groups_look_like_two_groups()
    {
        var random = new Random(5);
        var normal = Enumerable.Range(0, 400).Select(_ => 60 + 10 * Normal(random)).ToArray();
        var groups = normal.Select((v, i) => i % 2 == 0 ? v - 30 : v + 20).ToArray();

        Assert.True(DistributionAnalysis.Of(normal).NormalityP.Value > 0.05);
        Assert.DoesNotContain("two groups", DistributionAnalysis.Of(normal).Flags);
        Assert.Contains("two groups", DistributionAnalysis.Of(groups).Flags);
        Assert.True(DistributionAnalysis.Of(groups).NormalityP.Value < 0.001);
    }

    [Fact]
    public void The_normality_test_rejects_a_normal_sample_about_as_often_as_it_says()
    {
        var random = new Random(6);
        var rejected = Enumerable.Range(0, 1_000)
            .Count(_ => DistributionAnalysis.Of([.. Enumerable.Range(0, 60).Select(_ => Normal(random))]).NormalityP.Value < 0.05);

        Assert.InRange(rejected, 35, 80);
    }

    [Fact]
    public void Outliers_are_named_by_their_place()
    {
        double[] values = [50, 52, 51, 49, 53, 50, 3, 48, 52, double.NaN, 51];

        var d = DistributionAnalysis.Of(values);

        Assert.Equal([6], d.Outliers);
        Assert.Contains("outliers: 1", d.Flags);
        Assert.Contains("skewed to the left", d.Flags);
    }

    [Fact]
    public void Ceilings_floors_and_skew_are_flagged()
    {
        var ceiling = DistributionAnalysis.Of([.. Enumerable.Range(0, 40).Select(i => i < 30 ? 100.0 - i % 5 : 60 + i)]);
        var floor = DistributionAnalysis.Of([.. Enumerable.Range(0, 40).Select(i => i < 30 ? i % 5 : 30.0 + i)]);

        Assert.Contains("ceiling", ceiling.Flags);
        Assert.Contains("skewed to the left", ceiling.Flags);
        Assert.Contains("floor", floor.Flags);
        Assert.Contains("skewed to the right", floor.Flags);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    public void Few_values_give_reasons_instead_of_numbers(int n)
    {
        var d = DistributionAnalysis.Of([.. Enumerable.Range(0, n).Select(i => 10.0 * i)]);

        Assert.Equal(n, d.N);
        Assert.Equal(n > 0, d.Mean.HasValue);
        Assert.Equal(n > 1, d.StandardDeviation.HasValue);
        Assert.Equal($"needs 8 values, has {n}", d.Skewness.Insufficient);
        Assert.Equal($"needs 20 values, has {n}", d.NormalityP.Insufficient);
        Assert.Empty(d.Outliers);
    }

    [Fact]
    public void Equal_values_have_no_shape()
    {
        var d = DistributionAnalysis.Of([.. Enumerable.Repeat(70.1, 50)]);

        Close.Equal(70.1, d.Mean.Value, 1e-14);
        Assert.False(d.Skewness.HasValue);
        Assert.False(d.NormalityP.HasValue);
        Assert.False(d.Bimodality.HasValue);
        Assert.Equal(["all equal"], d.Flags);
    }

    [Fact]
    public void Extra_credit_widens_the_histogram()
    {
        var d = DistributionAnalysis.Of([0, 50, 100, 120]);

        Assert.Equal(120, d.Maximum);
        Assert.Equal(4, d.Counts.Sum());
        Assert.Equal(1, d.Counts[^1]);
    }

    private static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
