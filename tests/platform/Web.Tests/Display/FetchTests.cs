using Bunit;
using Microsoft.AspNetCore.Components;
using Provost.Web.Display;
using Provost.Web.Transport;

namespace Provost.Web.Tests.Display;

public sealed class FetchTests
{
    private readonly List<TaskCompletionSource<string>> loads = [];
    private readonly List<string> told = [];

    [Fact]
    public async Task Of_loads_that_overlap_the_one_asked_for_last_is_shown_whatever_comes_later()
    {
        using var page = Rendering.NewPage();
        var fetch = Render(page);
        var again = fetch.InvokeAsync(() => fetch.Instance.LoadAsync());

        loads[1].SetResult("new");
        await again;
        loads[0].SetResult("old");
        await fetch.InvokeAsync(() => Task.CompletedTask);

        fetch.WaitForAssertion(() => Assert.Equal("new", fetch.Find("p").TextContent));
        Assert.Equal(["new"], told);
    }

    [Fact]
    public async Task A_late_failure_of_an_older_load_says_nothing()
    {
        using var page = Rendering.NewPage();
        var fetch = Render(page);
        var again = fetch.InvokeAsync(() => fetch.Instance.LoadAsync());

        loads[1].SetResult("new");
        await again;
        loads[0].SetException(ApiProblem.Unreachable());
        await fetch.InvokeAsync(() => Task.CompletedTask);

        Assert.Equal("new", fetch.Find("p").TextContent);
        Assert.DoesNotContain("cannot be reached", fetch.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_page_that_is_gone_can_still_be_told_to_load()
    {
        using var page = Rendering.NewPage();
        var fetch = Render(page);
        loads[0].SetResult("shown");
        fetch.WaitForAssertion(() => Assert.Equal("shown", fetch.Find("p").TextContent));
        var gone = fetch.Instance;

        await page.DisposeComponentsAsync();
        await gone.LoadAsync();

        Assert.Single(loads);
    }

    private IRenderedComponent<Fetch<string>> Render(BunitContext page) => page.Render<Fetch<string>>(it => it
        .Add(p => p.Load, _ =>
        {
            loads.Add(new TaskCompletionSource<string>());
            return loads[^1].Task;
        })
        .Add(p => p.Loaded, told.Add)
        .Add(p => p.ChildContent, (string value) => (RenderFragment)(builder => builder.AddMarkupContent(0, $"<p>{value}</p>"))));
}
