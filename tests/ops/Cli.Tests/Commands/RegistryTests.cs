namespace Provost.Cli.Tests.Commands;

/// <summary>Which registry a verb is about. Nobody answers there: the error names it.</summary>
public sealed class RegistryTests
{
    private const string Nobody = "localhost:1/campus/provost";

    [Theory]
    [InlineData("push", "gateway", "--release", "0.0.1", "--revision", "r")]
    [InlineData("pull")]
    [InlineData("prune", "--dry-run")]
    public async Task Without_the_option_and_the_key_it_is_refused_with_both_in_the_remedy(params string[] verb)
    {
        using var tool = new Tool();
        tool.Write("name: north\n");

        var run = await tool.RunAsync(["images", .. verb]);

        Assert.Equal(4, run.ExitCode);
        Assert.Contains("no registry is named: neither by --registry nor by ", run.Talk, StringComparison.Ordinal);
        Assert.Contains("set registry in provost.yaml", run.Talk, StringComparison.Ordinal);
    }

    [Fact]
    public async Task That_of_provost_yaml_is_taken_and_said_with_the_file()
    {
        using var tool = new Tool();
        var file = tool.Write($"registry: {{ address: '{Nobody}' }}\n");

        var run = await tool.RunAsync("images", "prune", "--dry-run");

        Assert.Equal(5, run.ExitCode);
        Assert.Contains($"registry: {Nobody} (registry.address in {file})", run.Talk, StringComparison.Ordinal);
        Assert.Contains("the registry localhost:1 cannot be reached", run.Talk, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_option_wins_and_takes_no_account_along()
    {
        using var tool = new Tool();
        tool.Write("registry: { address: registry.example.edu/p, user: provost, passwordFile: nowhere }\n");

        var run = await tool.RunAsync("images", "prune", "--dry-run", "--registry", Nobody);

        Assert.Equal(5, run.ExitCode);
        Assert.DoesNotContain("registry.example.edu", run.Talk, StringComparison.Ordinal);
        Assert.Contains("the registry localhost:1 cannot be reached", run.Talk, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Files_are_those_beside_provost_yaml()
    {
        using var tool = new Tool();
        tool.Write($"registry: {{ address: '{Nobody}', user: provost, passwordFile: secrets/registry }}\n");

        var run = await tool.RunAsync("images", "prune", "--dry-run");

        Assert.Equal(4, run.ExitCode);
        Assert.Contains($"the password file of the registry does not exist: {tool.Folder}/secrets/registry", run.Talk, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_of_its_own_that_was_never_started_is_started_by_up()
    {
        using var tool = new Tool();
        var file = tool.Write("registry: { own: { port: 1 } }\n");

        var run = await tool.RunAsync("images", "pull", "--json");

        Assert.Equal(4, run.ExitCode);
        Assert.Contains($"registry: localhost:1/provost (registry.own in {file})", run.Talk, StringComparison.Ordinal);
        Assert.Contains("provost up -d", run.Json.GetProperty("error").GetProperty("remedy").GetString(), StringComparison.Ordinal);
    }
}
