using System.Text.Json;
using Provost.Analytics.Backtests;
using Provost.Api.Backtests;
using Provost.Contracts;
using Provost.Gradebooks;
using Provost.Harness;

namespace Provost.Api.Tests.Backtests;

public sealed class BacktestTests
{
    [Theory]
    [InlineData("AAA 2013J", "AAA")]
    [InlineData("MATH 101", "MATH 101")]
    [InlineData("MATH 101 2025 Fall", "MATH 101")]
    [InlineData("2025 Seminar", "2025 Seminar")]
    [InlineData("PHYS 10234", "PHYS 10234")]
    [InlineData("PHYS 10234 WS2025/26", "PHYS 10234")]
    public void A_course_belongs_to_the_group_of_its_name_without_the_term(string name, string group) => Assert.Equal(group, BacktestCards.Group(name));

    [Fact]
    public async Task The_verb_says_how_it_is_used_and_what_is_wrong_with_a_folder()
    {
        using var output = new StringWriter();
        using var talk = new StringWriter();

        Assert.Equal(64, await BacktestVerb.RunAsync(["--train"], output, talk));
        Assert.Contains("Usage", talk.ToString(), StringComparison.Ordinal);
        Assert.Equal(65, await BacktestVerb.RunAsync(["--train", Path.GetTempPath(), "--test", "/no/such/folder"], output, talk));
        Assert.Empty(output.ToString());
    }

    [Fact]
    public async Task Folders_that_nothing_can_be_learned_from_are_refused_by_name_and_not_a_crash()
    {
        using var folder = OuladFolder.Make("Exam", students: 2, "AAA 2013J");
        using var talk = new StringWriter();

        Assert.Equal(65, await BacktestVerb.RunAsync(["--train", folder.Path, "--test", folder.Path], TextWriter.Null, talk));

        Assert.Equal(2, talk.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Contains("Nothing can be learned from", talk.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", talk.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_smallest_folders_give_figures_or_say_that_there_are_none()
    {
        using var folder = OuladFolder.Make("TMA", students: 1, "AAA 2013J");
        using var output = new StringWriter();

        Assert.Equal(0, await BacktestVerb.RunAsync(["--train", folder.Path, "--test", folder.Path], output, TextWriter.Null));

        Assert.Equal(JsonValueKind.Null, JsonDocument.Parse(output.ToString()).RootElement.GetProperty("auc").GetProperty("28").ValueKind);
    }

    [Fact]
    public async Task The_verb_prints_the_figures_of_two_folders_as_JSON()
    {
        var data = Data();
        using var output = new StringWriter();

        var exit = await BacktestVerb.RunAsync(["--train", data, "--test", data], output, TextWriter.Null);
        var report = JsonDocument.Parse(output.ToString()).RootElement;

        Assert.Equal(0, exit);
        Assert.Equal(["28", "56", "84", "112", "140"], report.GetProperty("auc").EnumerateObject().Select(day => day.Name));
        Assert.All(report.GetProperty("auc").EnumerateObject(), day => Assert.InRange(day.Value.GetDouble(), 0.6, 1));
        Assert.All(report.GetProperty("forecast").EnumerateObject(), share => Assert.InRange(share.Value.GetProperty("coverage").GetDouble(), 0.8, 1));
        Assert.Equal(["25", "50", "75"], report.GetProperty("forecast").EnumerateObject().Select(share => share.Name));
    }

    [Fact]
    public async Task The_published_figures_are_those_of_courses_that_the_calibration_had_not_seen()
    {
        FinishedCourse[] courses = [.. (await GradebookReader.ReadFolderAsync(Data(), cancellation: TestContext.Current.CancellationToken)).Select(BacktestVerb.Finished)];
        var later = courses.Where(course => course.Name.EndsWith("2014B", StringComparison.Ordinal)).ToArray();

        var repeated = BacktestCards.ToWire(Backtest.Run([.. courses.Except(later)], later), "");

        Assert.Equal(Figures(repeated).Keys, Figures(BacktestCards.Published).Keys);
        Assert.All(Figures(repeated), figure => Assert.Equal(figure.Value, Figures(BacktestCards.Published)[figure.Key], 0.002 * Math.Max(1, figure.Value)));
    }

    private static Dictionary<string, double> Figures(BacktestCard card) =>
        new[] { ("auc", card.Auc), ("ece", card.Ece), ("precision", card.PrecisionTop20) }
            .SelectMany(row => row.Item2.Select(figure => KeyValuePair.Create($"{row.Item1} {figure.Key}", figure.Value!.Value)))
            .Concat(card.Forecast.SelectMany(share => new[]
            {
                KeyValuePair.Create($"mae {share.Key}", share.Value.Mae!.Value),
                KeyValuePair.Create($"coverage {share.Key}", share.Value.Coverage!.Value),
                KeyValuePair.Create($"width {share.Key}", share.Value.HalfWidth!.Value),
            }))
            .ToDictionary();

    // Two places: a checkout beside the shared data, or wherever the machine says.
    private static string Data()
    {
        var data = Environment.GetEnvironmentVariable("PROVOST_OULAD") ?? Path.Combine(Repository.Root, "../shared/data/oulad");
        Assert.SkipUnless(Directory.Exists(data), "extra: the OULAD folder is not on this machine: set PROVOST_OULAD");
        return data;
    }
}
