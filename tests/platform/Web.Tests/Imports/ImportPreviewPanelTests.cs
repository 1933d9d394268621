using Bunit;
using Provost.Contracts;
using Provost.Web.Imports;

namespace Provost.Web.Tests.Imports;

public sealed class ImportPreviewPanelTests
{
    private static readonly ImportReport Report = new("math", "canvas", "UTF-8", ",", 30, 2, new CellCounts(50, 4, 1, 5, 0),
        ["Empty cells of past work count as missing"], [new IgnoredColumn("Notes", "comments")], ["line 4, column “Quiz 1”: “n/a” is not a mark"], true, 30, 60, 1);

    [Fact]
    public void Names_every_guess_every_ignored_column_and_every_warning()
    {
        using var page = Rendering.NewPage();

        var text = Render(page, Report).Markup;

        Assert.Contains("Canvas", text);
        Assert.Contains("Empty cells of past work count as missing", text);
        Assert.Contains("<strong>Notes</strong>: comments", text);
        Assert.Contains("“n/a” is not a mark", text);
    }

    [Fact]
    public void Shows_each_cell_as_its_points_or_its_state_in_a_word()
    {
        using var page = Rendering.NewPage();

        var cells = Render(page, Report).FindAll(".preview tbody td").Select(cell => cell.TextContent.Trim());

        Assert.Equal(["7.5", "excused"], cells);
    }

    [Fact]
    public void Says_when_importing_would_change_nothing()
    {
        using var page = Rendering.NewPage();

        var panel = Render(page, Report with { Changed = false });

        Assert.Contains("holds exactly this already", panel.Markup);
        Assert.Contains("Import anyway", panel.Markup);
    }

    [Fact]
    public void Imports_only_when_the_button_is_pressed()
    {
        using var page = Rendering.NewPage();
        var confirmed = new List<bool>();
        var panel = Render(page, Report, confirmed.Add);
        Assert.Empty(confirmed);

        panel.FindAll("button").Single(button => button.TextContent.Contains("Import 30")).Click();

        Assert.Equal([false], confirmed);
    }

    [Fact]
    public void Names_who_is_not_in_the_file_and_removes_them_only_when_asked_to()
    {
        using var page = Rendering.NewPage();
        var confirmed = new List<bool>();
        var panel = Render(page, Report with { Changed = false, Absent = [new("k1", "Grace Hopper"), new("k2", null)] }, confirmed.Add);

        Assert.Contains("2\u00a0students of the course are not in this file", panel.Markup);
        Assert.Equal(["Grace Hopper", "k2"], panel.FindAll(".notice li").Select(item => item.TextContent).Where(text => !text.Contains("not a mark")));
        panel.FindAll("button").Single(button => button.TextContent.Contains("Import anyway")).Click();
        panel.Find("input[type=checkbox]").Change(true);
        panel.FindAll("button").Single(button => button.TextContent.Contains("Import 30\u00a0students, remove 2")).Click();

        Assert.Equal([false, true], confirmed);
        Assert.DoesNotContain("changes nothing", panel.Markup);
    }

    private static IRenderedComponent<ImportPreviewPanel> Render(BunitContext page, ImportReport report, Action<bool>? confirm = null)
    {
        var none = new Estimate(null, 0);
        var preview = new ImportPreview(report,
            [new AssessmentSummary("q1", "Quiz 1", "", 10, 1, null, 0, 0, 0, 0, none), new AssessmentSummary("q2", "Quiz 2", "", 10, 1, null, 0, 0, 0, 0, none)],
            [new PreviewRow("Ada Lovelace", "A", [Rows.Cell("q1", "graded", 75), Rows.Cell("q2", "excused")])]);
        return page.Render<ImportPreviewPanel>(it =>
        {
            it.Add(p => p.File, "grades.csv").Add(p => p.Preview, preview);
            if (confirm is not null) it.Add(p => p.Confirm, confirm);
        });
    }
}
