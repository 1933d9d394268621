using System.Globalization;

namespace Provost.Gradebooks.Tests;

public sealed class DocumentationTests
{
    private static readonly string Page = File.ReadAllText(Path.Combine(TestFiles.Folder, "../../../docs/reference/gradebook-csv.md"));

    [Fact]
    public async Task The_example_of_the_reference_page_is_the_fixture_and_is_read_without_a_guess()
    {
        var start = Page.IndexOf("```csv\n", StringComparison.Ordinal) + "```csv\n".Length;
        var example = Page[start..Page.IndexOf("```", start, StringComparison.Ordinal)];
        Assert.Equal(await File.ReadAllTextAsync(Path.Combine(TestFiles.Fixtures, "provost.csv"), TestContext.Current.CancellationToken), example);
        Assert.Empty((await TestFiles.ReadTextAsync(example)).Guesses);
    }

    [Fact]
    public void The_limits_on_the_reference_page_are_the_limits()
    {
        Assert.Contains(ReadLimits.Default.MaxColumns.ToString("N0", CultureInfo.InvariantCulture) + " columns", Page);
        Assert.Contains(ReadLimits.Default.MaxRows.ToString("N0", CultureInfo.InvariantCulture) + " rows", Page);
    }
}
