using Provost.Analytics.Numerics;
using Provost.Analytics.Tests.Naive;

namespace Provost.Analytics.Tests.Numerics;

public class QuantilesTests
{
    /// <summary>NIST/SEMATECH e-Handbook, tables 1.3.6.7.2 (t) and 1.3.6.7.3 (F).</summary>
    [Theory]
    [InlineData(0.975, 1, 12.706)]
    [InlineData(0.975, 2, 4.303)]
    [InlineData(0.975, 10, 2.228)]
    [InlineData(0.975, 30, 2.042)]
    [InlineData(0.95, 5, 2.015)]
    [InlineData(0.995, 100, 2.626)]
    public void Student_quantiles_are_those_of_the_tables(double p, double df, double expected) =>
        Assert.Equal(expected, Quantiles.Student(p, df), 6e-4);

    [Theory]
    [InlineData(0.95, 1, 1, 161.448)]
    [InlineData(0.95, 5, 10, 3.326)]
    [InlineData(0.95, 10, 20, 2.348)]
    [InlineData(0.95, 20, 100, 1.676)]
    [InlineData(0.99, 4, 20, 4.431)]
    public void Fisher_quantiles_are_those_of_the_tables(double p, double d1, double d2, double expected) =>
        Assert.Equal(expected, Quantiles.Fisher(p, d1, d2), 6e-4);

    [Fact]
    public void Quantile_and_distribution_undo_each_other()
    {
        foreach (var a in new[] { 0.5, 1, 3.5, 40, 500, 15_000 })
        {
            foreach (var b in new[] { 0.5, 2, 17, 300 })
            {
                foreach (var p in new[] { 0.001, 0.025, 0.3, 0.5, 0.9, 0.975 })
                    Assert.Equal(p, Gamma.IncompleteBeta(Quantiles.InverseBeta(p, a, b), a, b), 1e-9);
            }
        }
    }

    [Fact]
    public void Incomplete_beta_agrees_with_its_closed_forms()
    {
        for (var x = 0.01; x < 1; x += 0.01)
        {
            Close.Equal(x, Gamma.IncompleteBeta(x, 1, 1), 1e-14);
            Close.Equal(1 - Math.Pow(1 - x, 7), Gamma.IncompleteBeta(x, 1, 7), 1e-13);
            Close.Equal(2 / Math.PI * Math.Asin(Math.Sqrt(x)), Gamma.IncompleteBeta(x, 0.5, 0.5), 1e-13);
        }
    }

    [Fact]
    public void Log_gamma_agrees_with_factorials()
    {
        var factorial = 1.0;
        for (var n = 1; n < 20; n++)
        {
            Close.Equal(Math.Log(factorial), Gamma.Log(n), 1e-14, $"gamma({n})");
            factorial *= n;
        }

        Close.Equal(Math.Log(Math.Sqrt(Math.PI)), Gamma.Log(0.5), 1e-14);
    }

    /// <summary>Abramowitz &amp; Stegun, table 26.1: P(Z &lt; 1) = .841344746068543, P(Z &lt; 2) = .977249868051821, P(Z &lt; 4) = .9999683287581669.</summary>
    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 2 * (1 - 0.841344746068543))]
    [InlineData(2, 2 * (1 - 0.977249868051821))]
    [InlineData(4, 2 * (1 - 0.9999683287581669))]
    [InlineData(Quantiles.Z975, 0.05)]
    [InlineData(Quantiles.Z95, 0.10)]
    public void Normal_tails_are_those_of_the_tables(double z, double expected) =>
        Assert.Equal(expected, Quantiles.NormalTwoSided(z), 2e-15);

    [Fact]
    public void Normal_tails_agree_with_integration_and_are_smooth_where_the_methods_meet()
    {
        for (var z = 0.0; z < 6; z += 0.05)
            Assert.Equal(NaiveStatistics.NormalTwoSided(z), Quantiles.NormalTwoSided(z), 1e-11);
        var seam = 2 * Math.Sqrt(2);
        Close.Equal(Quantiles.NormalTwoSided(seam - 1e-12), Quantiles.NormalTwoSided(seam + 1e-12), 1e-12);
    }
}
