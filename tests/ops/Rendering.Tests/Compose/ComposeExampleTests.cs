using Provost.Rendering.Compose;
using Provost.Rendering.Trees;
using Provost.Topology.Reading;

namespace Provost.Rendering.Tests.Compose;

public sealed class ComposeExampleTests
{
    private const string Folder = "deploy/examples/compose";

    [Fact]
    public void The_committed_example_is_what_its_description_renders_to()
    {
        var tree = Render();

        Assert.All(tree.Files, file => Golden.Matches(file.Text, $"{Folder}/compose/{file.Path}"));
        var committed = Directory.EnumerateFiles(Path.Combine(Golden.Root, Folder, "compose"), "*", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(Path.Combine(Golden.Root, Folder, "compose"), path));
        Assert.Equal(tree.Files.Select(file => file.Path).Order(StringComparer.Ordinal), committed.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_page_of_the_machines_variables_is_the_committed_one() => Golden.Matches(EnvironmentFilePage.Markdown(), "docs/reference/compose-env.md");

    [Fact]
    public void Every_variable_that_the_rendered_file_asks_for_is_in_the_template_and_the_other_way_round()
    {
        var tree = Render();

        var asked = System.Text.RegularExpressions.Regex.Matches(tree.Text("compose.yaml"), @"\$\{(PROVOST_\w+)").Select(match => match.Groups[1].Value).Distinct();
        var offered = tree.Text(".env").Split('\n').Where(line => line.StartsWith("#PROVOST_", StringComparison.Ordinal)).Select(line => line[1..line.IndexOf('=', StringComparison.Ordinal)]);
        Assert.Equal(asked.Order(StringComparer.Ordinal), offered.Order(StringComparer.Ordinal));
    }

    private static RenderedTree Render()
    {
        var text = File.ReadAllText(Path.Combine(Golden.Root, Folder, "provost.yaml"));
        var file = TopologyFile.Read(text, "provost.yaml");
        Assert.True(file.Problems.Count == 0, string.Join('\n', file.Problems));
        var site = file.Installation!.Sites["campus"];
        return ComposeRenderer.Render(file.Installation, "campus", new ComposeRequest("0.1.0+example", ComposeFlavour.Production, ComposeSamples.Images(site)) { Configuration = text });
    }
}
