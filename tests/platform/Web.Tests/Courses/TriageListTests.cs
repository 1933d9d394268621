using Bunit;
using Microsoft.AspNetCore.Components.Web;
using Provost.Contracts;
using Provost.Web.Courses;

namespace Provost.Web.Tests.Courses;

public sealed class TriageListTests
{
    private static readonly CourseSettings Fifth = new(0.2, true, 0, null);

    [Fact]
    public void Shows_as_many_students_as_can_be_contacted_riskiest_first()
    {
        using var page = Rendering.NewPage();

        var list = Render(page, Rows.Class(20));

        Assert.Equal(["Student01", "Student02", "Student03", "Student04"], Names(list));
        Assert.Contains("4\u00a0students", list.Find(".capacity").TextContent);
    }

    [Fact]
    public void A_slid_capacity_changes_the_list_at_once_and_is_kept_only_when_asked_for()
    {
        using var page = Rendering.NewPage();
        var kept = new List<double>();
        var list = Render(page, Rows.Class(20), kept.Add);

        list.Find("#capacity").Input("40");

        Assert.Equal(8, Names(list).Count);
        Assert.Empty(kept);

        list.FindAll(".capacity button").Single(button => button.TextContent == "Keep for this course").Click();

        Assert.Equal([0.4], kept);
    }

    [Fact]
    public void Who_cannot_keep_a_capacity_is_not_offered_it()
    {
        using var page = Rendering.NewPage();
        var list = Render(page, Rows.Class(20));

        list.Find("#capacity").Input("40");

        Assert.DoesNotContain(list.FindAll("button"), button => button.TextContent == "Keep for this course");
    }

    [Fact]
    public void A_long_list_begins_with_the_first_ten()
    {
        using var page = Rendering.NewPage();
        var list = Render(page, Rows.Class(100));
        Assert.Equal(10, Names(list).Count);

        list.Find(".triage-more button").Click();

        Assert.Equal(20, Names(list).Count);
    }

    [Fact]
    public void The_whole_class_can_be_searched_by_name_and_section()
    {
        using var page = Rendering.NewPage();
        var list = Render(page, [Rows.Risk("Ada", 0.7), Rows.Risk("Grace", 0.2, "B"), Rows.Risk("Linus", null)]);
        list.FindAll(".segments input")[1].Change(true);
        Assert.Equal(["Ada", "Grace", "Linus"], Names(list));

        list.Find("input[type=search]").Input("b");

        Assert.Equal(["Grace"], Names(list));
    }

    [Fact]
    public void A_student_with_too_little_data_is_never_among_those_to_contact_and_says_why()
    {
        using var page = Rendering.NewPage();
        var list = Render(page, [Rows.Risk("Linus", null)]);

        Assert.Empty(list.FindAll(".triage-row"));

        list.FindAll(".segments input")[1].Change(true);

        Assert.Contains("Insufficient data: needs 4 marks, has 2", list.Find(".triage-risk").TextContent);
    }

    [Fact]
    public void Only_the_two_strongest_reasons_that_add_to_the_risk_are_given()
    {
        using var page = Rendering.NewPage();
        var row = Rows.Risk("Ada", 0.9, "A", new("missing", 0.2, "4 of 9 due items missing"), new("currentMark", 0.1, "Current mark 31 %"),
            new("lastItem", 0.05, "Last due item 20 %"), new("late", -0.02, "0 of 9 late"));

        var list = Render(page, [row]);

        Assert.Equal(["4 of 9 due items missing", "Current mark 31 %"], list.FindAll(".triage-why li").Select(reason => reason.TextContent));
    }

    private static IRenderedComponent<TriageList> Render(BunitContext page, IReadOnlyList<RiskRow> rows, Action<double>? save = null) =>
        page.Render<TriageList>(list =>
        {
            list.Add(it => it.Course, "math").Add(it => it.Rows, rows).Add(it => it.Settings, Fifth);
            if (save is not null) list.Add(it => it.Save, save);
        });

    private static List<string> Names(IRenderedComponent<TriageList> list) =>
        [.. list.FindAll(".triage-who a").Select(name => name.TextContent)];
}
