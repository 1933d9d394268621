using System.Xml.Linq;

namespace Provost.Architecture.Tests;

/// <summary>Who may know whom: the table of ARCHITECTURE.md, compiled.</summary>
public sealed class ReferenceTests
{
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Analytics"] = [],
        ["Contracts"] = [],
        ["Hosting"] = [],
        ["Topology"] = [],
        ["Gradebooks"] = ["Analytics"],
        ["Api"] = ["Analytics", "Contracts", "Gradebooks", "Hosting"],
        ["Web"] = ["Analytics", "Contracts"],
        ["WebHost"] = ["Hosting"],
        ["Gateway"] = ["Hosting"],
        ["Stores"] = ["Hosting"],
        ["Rendering"] = ["Topology"],
        ["Runbooks"] = ["Topology", "Rendering"],
        ["Agent"] = ["Topology", "Rendering", "Runbooks"],
        ["Cli"] = ["Topology", "Rendering", "Runbooks", "Agent"],
    };

    [Fact]
    public void Every_project_references_only_whom_it_may_know()
    {
        var violations = Repository.Projects("src")
            .SelectMany(path => References(path)
                .Except(Allowed.GetValueOrDefault(Path.GetFileNameWithoutExtension(path), []))
                .Select(other => $"{Path.GetFileNameWithoutExtension(path)} references {other}"));

        Assert.Empty(violations);
    }

    [Fact]
    public void Every_project_stands_in_the_table_and_in_the_solution()
    {
        var solution = File.ReadAllText(Path.Combine(Repository.Root, "Provost.slnx"));
        var projects = Repository.Projects("src").ToList();

        Assert.Equal(Allowed.Keys.Order(), projects.Select(path => Path.GetFileNameWithoutExtension(path)!).Order());
        Assert.All(
            projects.Concat(Repository.Projects("tests")).Concat(Repository.Projects("bench")),
            path => Assert.Contains(Repository.Relative(path), solution, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_project_explains_itself_in_at_most_forty_lines()
    {
        var violations = Repository.Projects("src")
            .Select(path => Path.Combine(Path.GetDirectoryName(path)!, "README.md"))
            .Where(readme => !File.Exists(readme) || File.ReadAllLines(readme).Length > 40)
            .Select(Repository.Relative);

        Assert.Empty(violations);
    }

    private static IEnumerable<string> References(string project) => XDocument.Load(project)
        .Descendants("ProjectReference")
        .Select(reference => Path.GetFileNameWithoutExtension((string)reference.Attribute("Include")!));
}
