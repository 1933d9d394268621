using Microsoft.Playwright;
using Provost.Analytics.Browser;
using Provost.Harness;
using Provost.Stories.Harness;

namespace Provost.Stories.Analytics;

/// <summary>The same C# analytics on the server and in the browser: equal to the last bit.</summary>
public sealed class BrowserEqualityStory(Chromium chromium, ITestOutputHelper output) : IClassFixture<Chromium>
{
    [Theory]
    [InlineData(40, 12, 1)]
    [InlineData(120, 24, 2)]
    [InlineData(5, 3, 3)]
    public async Task The_browser_computes_the_same_bits_as_the_server(int students, int assessments, int seed)
    {
        await using var site = await StaticSite.StartAsync(Path.Combine(Repository.Published("Analytics.Browser"), "wwwroot"));
        var page = await OpenAsync(site);

        var inBrowser = await page.EvaluateAsync<string>(
            "input => DotNet.invokeMethodAsync('Provost.Analytics.Browser', 'Numbers', ...input)", new[] { students, assessments, seed });

        var onServer = SeededCourse.Describe(students, assessments, seed);
        Assert.True(onServer.Length > 100 * students, "There must be numbers to compare");
        var differences = onServer.Split('\n').Zip(inBrowser.Split('\n')).Where(pair => pair.First != pair.Second).ToList();
        output.WriteLine($"{onServer.Count(letter => letter == '\n')} numbers, {differences.Count} differ");
        Assert.Equal(onServer.Count(letter => letter == '\n'), inBrowser.Count(letter => letter == '\n'));
        Assert.Empty(differences);
    }

    private async Task<IPage> OpenAsync(StaticSite site)
    {
        var page = await chromium.Browser.NewPageAsync();
        page.Console += (_, message) => output.WriteLine(message.Text);
        await page.GotoAsync(site.Url);
        await page.WaitForFunctionAsync("() => globalThis.DotNet !== undefined && Blazor._internal?.dotNetExports !== undefined");
        return page;
    }
}
