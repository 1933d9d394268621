namespace Provost.Gradebooks.Tests;

/// <summary>Every fixture's report is reviewed text. UPDATE_GOLDEN=1 rewrites them; the diff is what to look at.</summary>
public sealed class GoldenTests
{
    public static TheoryData<string> Fixtures => [.. Directory.GetFiles(TestFiles.Fixtures).Select(Path.GetFileName).OfType<string>().Where(name => name[0] != '.').Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Fixtures))]
    public async Task Reads_a_fixture_as_its_golden_report_says(string fixture) =>
        await Compare(Path.Combine(TestFiles.Fixtures, fixture), fixture + ".txt");

    public static TheoryData<string> Samples => ["blackboard_simple.csv", "canvas_sample_inline_points.csv", "google_classroom_sample.csv", "moodle_core_import_ok.csv", "moodle_sample.csv"];

    [Theory]
    [MemberData(nameof(Samples))]
    public async Task Reads_a_shared_sample_as_its_golden_report_says(string sample)
    {
        var folder = TestFiles.Shared("gradebooks");
        Assert.SkipUnless(folder is not null, "extra: the shared samples are not on this machine");
        await Compare(Path.Combine(folder, sample), "shared-" + sample + ".txt");
    }

    private static async Task Compare(string path, string goldenName)
    {
        var report = GradebookReport.Of(await TestFiles.ReadAsync(path));
        var golden = Path.Combine(TestFiles.Folder, "Golden", goldenName);
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
            await File.WriteAllTextAsync(golden, report, TestContext.Current.CancellationToken);
        Assert.True(File.Exists(golden), $"No golden report for this file; run with UPDATE_GOLDEN=1 and review {goldenName}");
        Assert.Equal(await File.ReadAllTextAsync(golden, TestContext.Current.CancellationToken), report);
    }
}
