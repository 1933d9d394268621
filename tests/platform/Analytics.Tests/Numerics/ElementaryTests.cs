using Provost.Analytics.Numerics;
using Provost.Analytics.Tests.Naive;

namespace Provost.Analytics.Tests.Numerics;

public class ElementaryTests
{
    [Fact]
    public void Exp_is_within_two_ulp_of_the_C_library()
    {
        var random = new Random(1);
        for (var i = 0; i < 100_000; i++)
        {
            var x = (random.NextDouble() - 0.5) * (i % 2 == 0 ? 1400 : 4);
            Assert.True(Close.Ulps(Elementary.Exp(x), Math.Exp(x)) <= 2, $"exp {x:R}");
        }
    }

    [Fact]
    public void Log_is_within_two_ulp_of_the_C_library()
    {
        var random = new Random(2);
        for (var i = 0; i < 100_000; i++)
        {
            var x = i % 2 == 0 ? Math.Exp((random.NextDouble() - 0.5) * 1400) : 0.5 + random.NextDouble();
            Assert.True(Close.Ulps(Elementary.Log(x), Math.Log(x)) <= 2, $"log {x:R}");
        }
    }

    [Fact]
    public void The_ends_of_the_number_line_are_kept()
    {
        Assert.Equal(0, Elementary.Exp(double.NegativeInfinity));
        Assert.Equal(double.PositiveInfinity, Elementary.Exp(710));
        Assert.Equal(1, Elementary.Exp(0));
        Assert.Equal(double.NegativeInfinity, Elementary.Log(0));
        Assert.Equal(double.NaN, Elementary.Log(-1));
        Assert.Equal(0, Elementary.Log(1));
        Assert.Equal(Math.Log(double.Epsilon), Elementary.Log(double.Epsilon), 1e-12);
        Assert.True(double.IsNaN(Elementary.Exp(double.NaN)));
    }

    [Fact]
    public void Tanh_undoes_artanh()
    {
        for (var r = -0.999; r < 1; r += 0.001)
            Close.Equal(r, Elementary.Tanh(Elementary.Artanh(r)), 1e-13, $"r = {r}");
        Assert.Equal(1, Elementary.Tanh(30));
        Assert.Equal(-1, Elementary.Tanh(-30));
    }

    [Theory]
    [InlineData(27, 3)]
    [InlineData(-8, -2)]
    [InlineData(0, 0)]
    [InlineData(1e-300, 1e-100)]
    public void Cube_roots_are_exact_where_they_can_be(double x, double root) => Close.Equal(root, Elementary.CubeRoot(x), 1e-15);
}
