using Bunit;
using Provost.Contracts;
using Provost.Web.Display;

namespace Provost.Web.Tests.Display;

public sealed class EstimateTextTests
{
    [Fact]
    public void Too_little_data_is_said_with_the_reason()
    {
        using var page = Rendering.NewPage();

        var text = page.Render<EstimateText>(it => it.Add(p => p.Of, new Estimate(null, 7, Insufficient: "needs 20 students, has 7")));

        Assert.Equal("Insufficient data: needs 20 students, has 7", text.Find(".insufficient").TextContent);
    }

    [Fact]
    public void In_a_narrow_place_the_reason_is_still_read_out()
    {
        using var page = Rendering.NewPage();

        var text = page.Render<EstimateText>(it => it.Add(p => p.Of, new Estimate(null, 7, Insufficient: "needs 20 students, has 7")).Add(p => p.Short, true));

        Assert.Contains("needs 20 students", text.Find(".visually-hidden").TextContent);
    }

    [Fact]
    public void A_value_stands_with_its_interval()
    {
        using var page = Rendering.NewPage();

        var text = page.Render<EstimateText>(it => it.Add(p => p.Of, new Estimate(0.86, 44, 0.8, 0.92)).Add(p => p.Format, value => Figures.Fixed(value, 2)));

        Assert.Equal("0.86 (0.80 to 0.92)", text.Find(".estimate").TextContent);
    }
}
