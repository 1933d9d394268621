using Provost.Cli.Commands;
using Provost.Cli.Output;
using Provost.Runbooks.Images;

namespace Provost.Cli.Tests.Commands;

public sealed class HelpTests
{
    [Theory]
    [InlineData("provost")]
    [InlineData("up")]
    [InlineData("down")]
    [InlineData("status")]
    [InlineData("logs")]
    [InlineData("open")]
    [InlineData("restart")]
    [InlineData("deploy")]
    [InlineData("rollback")]
    [InlineData("release")]
    [InlineData("release create")]
    [InlineData("releases")]
    [InlineData("smoke")]
    [InlineData("drill")]
    [InlineData("maintenance")]
    [InlineData("drill deploy")]
    [InlineData("ledger")]
    [InlineData("lock")]
    [InlineData("doctor")]
    [InlineData("import")]
    [InlineData("user")]
    [InlineData("user add")]
    [InlineData("config")]
    [InlineData("backtest")]
    [InlineData("backup")]
    [InlineData("backup create")]
    [InlineData("backup verify")]
    [InlineData("backup prune")]
    [InlineData("restore")]
    [InlineData("drill restore")]
    [InlineData("recovery-kit")]
    [InlineData("destroy")]
    [InlineData("images")]
    [InlineData("images build")]
    [InlineData("images prune")]
    [InlineData("images registry")]
    [InlineData("render")]
    [InlineData("render compose")]
    [InlineData("secrets")]
    [InlineData("secrets init")]
    [InlineData("plan")]
    [InlineData("render kubernetes")]
    [InlineData("cluster")]
    [InlineData("cluster secrets")]
    [InlineData("cluster bootstrap")]
    [InlineData("version")]
    [InlineData("completion")]
    public async Task The_help_of_each_verb_is_the_committed_one(string verb)
    {
        using var tool = new Tool();
        string[] words = verb == "provost" ? [] : verb.Split(' ');

        var run = await tool.RunAsync([.. words, "--help"]);

        Assert.Equal(0, run.ExitCode);
        Assert.Empty(run.Talk);
        Golden.Matches(run.Output.ReplaceLineEndings("\n"), $"tests/ops/Cli.Tests/Commands/help/{verb.Replace(' ', '-')}.txt");
    }

    [Fact]
    public void Every_verb_has_its_help_committed_and_its_place_in_the_guide()
    {
        var guide = File.ReadAllText(Path.Combine(Golden.Root, "docs/guides/command-line.md"));
        var verbs = Root.Create().Subcommands.Where(c => !c.Hidden).Select(c => c.Name).ToList();

        Assert.True(verbs.Count > 10);
        Assert.All(verbs, verb => Assert.True(File.Exists(Path.Combine(Golden.Root, $"tests/ops/Cli.Tests/Commands/help/{verb}.txt")), verb));
        Assert.All(verbs, verb => Assert.Contains($"provost {verb}", guide, StringComparison.Ordinal));
    }

    [Fact]
    public void Help_has_the_whole_table_of_exit_codes_and_wraps_at_the_edge_of_a_terminal()
    {
        using var text = new StringWriter();
        new HelpPage(text, 80).Write(Root.Create());
        var lines = text.ToString().Split(text.NewLine);

        Assert.Equal(Enum.GetValues<ExitCode>(), ExitCodes.All);
        Assert.All(lines, line => Assert.InRange(line.Length, 0, 80));
        Assert.Contains(lines, line => line.StartsWith("                              ", StringComparison.Ordinal) && line.TrimStart().Length > 0);
    }

    [Fact]
    public void The_images_that_help_names_are_those_that_there_are() => Assert.EndsWith(
        ": " + string.Join(", ", ImageDefinition.All.Select(image => image.Name)), ImagesCommand.Names.Description, StringComparison.Ordinal);

    [Theory]
    [InlineData("bash")]
    [InlineData("zsh")]
    [InlineData("fish")]
    public async Task Completion_asks_the_tool_itself(string shell)
    {
        using var tool = new Tool();

        Assert.Contains("[suggest", (await tool.RunAsync("completion", shell)).Output, StringComparison.Ordinal);
        var suggested = (await tool.RunAsync("[suggest:10]", "provost st")).Output.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("status", suggested[0]);
    }
}
