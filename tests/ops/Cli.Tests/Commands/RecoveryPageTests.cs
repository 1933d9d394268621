using System.CommandLine;
using System.Text.RegularExpressions;

namespace Provost.Cli.Tests.Commands;

/// <summary>On the worst day nobody looks up how a verb was called: every command of the page is one.</summary>
public sealed partial class RecoveryPageTests
{
    private static readonly string Page = File.ReadAllText(Path.Combine(Golden.Root, "docs/runbooks/disaster-recovery.md"));

    [Fact]
    public void Every_command_of_the_page_is_a_verb_with_its_options()
    {
        List<string> commands =
        [
            .. Blocks().Matches(Page).SelectMany(block => block.Groups["lines"].Value.Split('\n')).Select(line => line.Trim()),
            .. Inline().Matches(Page).Select(match => match.Groups["command"].Value),
        ];
        var verbs = commands.Where(c => c.StartsWith("provost ", StringComparison.Ordinal)).ToList();

        Assert.InRange(verbs.Count, 40, int.MaxValue);
        Assert.All(verbs, verb =>
        {
            var parsed = Root.Create().Parse(Words().Matches(verb).Select(w => w.Value.Trim('\'')).Skip(1).ToArray());
            Assert.True(parsed.Errors.Count == 0, $"{verb}: {string.Join("; ", parsed.Errors.Select(e => e.Message))}");
            Assert.True(parsed.CommandResult.Command.Action is not null, $"{verb}: no verb that does anything");
        });
    }

    [Fact]
    public void A_block_holds_nothing_but_commands_of_this_tool_and_of_the_shell()
    {
        string[] shell = ["cd ", "rm ", "export "];

        Assert.All(
            Blocks().Matches(Page).SelectMany(block => block.Groups["lines"].Value.Split('\n', StringSplitOptions.RemoveEmptyEntries)),
            line => Assert.True(line.StartsWith("provost ", StringComparison.Ordinal) || shell.Any(s => line.StartsWith(s, StringComparison.Ordinal)), line));
    }

    [Fact]
    public void Every_scenario_names_a_test_that_there_is()
    {
        var tests = Directory.EnumerateFiles(Path.Combine(Golden.Root, "tests"), "*.cs", SearchOption.AllDirectories).Select(Path.GetFileNameWithoutExtension).ToHashSet();
        var rows = Page[Page.IndexOf("## What proves it", StringComparison.Ordinal)..].Split('\n').Where(line => line.StartsWith("| ", StringComparison.Ordinal)).Skip(1).ToList();

        Assert.InRange(rows.Count, 6, int.MaxValue);
        Assert.All(rows, row =>
        {
            var named = TestName().Matches(row).Select(m => m.Groups["name"].Value).ToList();
            Assert.NotEmpty(named);
            Assert.All(named, name => Assert.Contains(name, tests));
        });
    }

    [Fact]
    public void The_page_names_every_alert()
    {
        var rules = File.ReadAllText(Path.Combine(Golden.Root, "deploy/monitoring/backups.rules.yaml"));

        Assert.All(Alert().Matches(rules), alert => Assert.Contains(alert.Groups["name"].Value, Page, StringComparison.Ordinal));
    }

    [GeneratedRegex("```sh\n(?<lines>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Blocks();

    [GeneratedRegex("`(?<command>provost [^`]+)`")]
    private static partial Regex Inline();

    [GeneratedRegex(@"'[^']*'|\S+")]
    private static partial Regex Words();

    [GeneratedRegex("`(?<name>[A-Z][A-Za-z]+(Story|Tests))`")]
    private static partial Regex TestName();

    [GeneratedRegex(@"- alert: (?<name>\w+)")]
    private static partial Regex Alert();
}
