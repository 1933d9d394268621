using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Provost.Web.DevServer;

namespace Provost.Web.Tests.Pages;

/// <summary>axe-core on every page, light and dark, wide and narrow; and nothing that a browser complains about.</summary>
[Collection(PagesCollection.Name)]
public sealed class AccessibilityTests(Chromium chromium)
{
    // What passed is not described node by node: on a page with a hundred rows that takes longer than the rules.
    private static readonly AxeRunOptions OnlyViolations = new() { ResultTypes = [ResultType.Violations] };

    /// <summary>Width in pixels, and whether it is dark. Each of the two kinds is seen once; the soak sees every pair.</summary>
    public static TheoryData<int, bool> Looks => Environment.GetEnvironmentVariable("PROVOST_SOAK") == "1"
        ? new() { { 1280, false }, { 1280, true }, { 360, false }, { 360, true } }
        : new() { { 1280, false }, { 360, true } };

    [Theory]
    [MemberData(nameof(Looks))]
    public async Task Every_page_is_free_of_violations_and_complaints(int width, bool dark)
    {
        var browser = chromium.Required();
        await using var host = await DevHost.StartAsync(BundleRoot.Find());
        List<string> findings = [];

        foreach (var group in Screen.All.GroupBy(screen => screen.User))
        {
            await using var visitor = await Visitor.ArriveAsync(browser, host, width, dark: dark);
            if (group.Key != Screen.Nobody) await visitor.SignInAsync(group.Key);
            foreach (var screen in group)
            {
                await visitor.OpenAsync(screen.Path);
                findings.AddRange(await ViolationsAsync(visitor, screen));
                findings.AddRange(await OverflowAsync(visitor, screen));
            }

            findings.AddRange(visitor.Complaints.Where(complaint => !IsExpected(complaint)));
        }

        Assert.True(findings.Count == 0, string.Join("\n", findings));
    }

    private static async Task<IEnumerable<string>> ViolationsAsync(Visitor visitor, Screen screen)
    {
        var result = await visitor.Page.RunAxe(OnlyViolations);
        return result.Violations.SelectMany(violation => violation.Nodes.Select(node =>
            $"{screen}: {violation.Id} ({violation.Impact}): {violation.Help}: {node.Html}"));
    }

    private static async Task<IEnumerable<string>> OverflowAsync(Visitor visitor, Screen screen)
    {
        var wider = await visitor.Page.EvaluateAsync<int>("() => document.documentElement.scrollWidth - document.documentElement.clientWidth");
        return wider > 0 ? [$"{screen}: {wider} pixels wider than the window"] : [];
    }

    // Pages about what does not exist or is refused make the browser log the answer's status.
    private static bool IsExpected(string complaint) =>
        complaint.Contains("status of 404", StringComparison.Ordinal) || complaint.Contains("status of 403", StringComparison.Ordinal);
}
