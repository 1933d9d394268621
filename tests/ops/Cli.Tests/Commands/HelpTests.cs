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
