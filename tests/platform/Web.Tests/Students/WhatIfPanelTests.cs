using Bunit;
using Provost.Web.Students;

namespace Provost.Web.Tests.Students;

public sealed class WhatIfPanelTests
{
    [Fact]
    public void Says_what_average_is_needed_for_the_target()
    {
        using var page = Rendering.NewPage();
        var panel = page.Render<WhatIfPanel>(it => it.Add(p => p.Standing,
            Rows.Standing(Rows.Cell("Quiz 1", "graded", 60), Rows.Cell("Quiz 2", "notDue"))));

        panel.Find("#target").Input("75");

        Assert.Equal("You need an average of 90\u00a0% on everything that is left.", panel.Find(".target-answer").TextContent);
    }

    [Fact]
    public void A_target_beyond_reach_is_said_with_the_best_that_can_be_had()
    {
        using var page = Rendering.NewPage();
        var panel = page.Render<WhatIfPanel>(it => it.Add(p => p.Standing,
            Rows.Standing(Rows.Cell("Quiz 1", "missing"), Rows.Cell("Quiz 2", "notDue"))));

        panel.Find("#target").Input("60");

        Assert.Contains("out of reach", panel.Find(".target-answer").TextContent);
        Assert.Contains("At most you can end at 50\u00a0%", panel.Find(".target-answer").TextContent);
    }

    [Fact]
    public void A_mark_that_is_tried_changes_the_end_at_once_and_can_be_taken_back()
    {
        using var page = Rendering.NewPage();
        var panel = page.Render<WhatIfPanel>(it => it.Add(p => p.Standing,
            Rows.Standing(Rows.Cell("Quiz 1", "graded", 60), Rows.Cell("Quiz 2", "notDue"))));

        var expected = panel.Find(".row-between").TextContent;

        panel.Find("#what-if-1").Input("100");

        Assert.Contains("you end at 80\u00a0%", panel.Find(".row-between").TextContent);

        panel.Find(".row-between button").Click();

        Assert.Equal(expected, panel.Find(".row-between").TextContent);
    }

    [Fact]
    public void Graded_missing_excused_and_weightless_work_cannot_be_changed()
    {
        var whatIf = new WhatIf(Rows.Standing(Rows.Cell("a", "graded", 50), Rows.Cell("b", "missing"), Rows.Cell("c", "excused"),
            Rows.Cell("d", "pending"), Rows.Cell("e", "notDue"), Rows.Cell("f", "notDue", weight: 0)));

        Assert.Equal([3, 4], whatIf.Open);
    }

    [Fact]
    public void With_nothing_left_it_says_so()
    {
        using var page = Rendering.NewPage();

        var panel = page.Render<WhatIfPanel>(it => it.Add(p => p.Standing, Rows.Standing(Rows.Cell("Quiz 1", "graded", 60))));

        Assert.Contains("nothing is left", panel.Find(".target-answer").TextContent);
        Assert.Empty(panel.FindAll(".what-if-rows"));
    }
}
