using Provost.Rendering.Compose;
using Provost.Topology.Environments;
using Provost.Topology.Model;

namespace Provost.Rendering.Tests.Compose;

public sealed class ComposeRendererTests
{
    [Fact]
    public void The_rendered_example_is_the_committed_one() => Assert.All(
        ComposeSamples.Render(ComposeSamples.Sites["plain"]).Files, file => Golden.Matches(file.Text, $"tests/ops/Rendering.Tests/Compose/plain/{file.Path.TrimStart('.')}"));

    [Fact]
    public void The_same_input_gives_the_same_bytes() => Assert.Equal(
        ComposeSamples.Render(ComposeSamples.Sites["https"]).Files, ComposeSamples.Render(ComposeSamples.Sites["https"]).Files);

    [Fact]
    public void Nothing_rendered_holds_a_secret()
    {
        var names = Secrets.All.Select(s => s.Name).ToList();

        Assert.All(ComposeSamples.Sites.Values.SelectMany(site => ComposeSamples.Render(site).Files), file =>
            Assert.DoesNotContain(names, name => file.Text.Contains(name + "=", StringComparison.Ordinal) || file.Text.Contains(name + ":", StringComparison.Ordinal)));
    }

    [Fact]
    public void Development_runs_from_the_sources_and_opens_ports_on_this_machine_alone()
    {
        var services = ComposeSamples.Document(ComposeSamples.Sites["plain"], ComposeFlavour.Development)["services"]!.AsObject();

        Assert.Contains("watch", services["api-1"]!["command"]!.AsArray().Select(c => (string)c!));
        Assert.Contains("../sources", services["api-1"]!["volumes"]!.AsArray().Select(v => (string?)v!["source"]));
        var ports = services.SelectMany(s => s.Value!["ports"]?.AsArray().ToList() ?? []).ToList();
        Assert.All(ports, port => Assert.Contains("127.0.0.1", (string)port!["host_ip"]!, StringComparison.Ordinal));
        Assert.Equal(ports.Count, ports.Select(p => (string)p!["published"]!).Distinct().Count());
    }

    [Fact]
    public void Two_sites_of_one_installation_do_not_share_a_project()
    {
        var site = ComposeSamples.Sites["plain"];
        var installation = new Installation { Name = "north", Sites = new Dictionary<string, Site> { ["campus"] = site, ["branch"] = site } };

        Assert.Equal("north-branch", ComposeNames.Project(installation, "branch"));
    }

    [Fact]
    public void The_gateway_knows_every_api_by_its_name()
    {
        var environment = ComposeSamples.Document(ComposeSamples.Sites["plain"])["services"]!["gateway"]!["environment"]!;

        Assert.Equal(["http://api-1:8080", "http://api-2:8080"], new[] { (string?)environment["PROVOST_Gateway__Api__0"], (string?)environment["PROVOST_Gateway__Api__1"] });
        Assert.Equal("http://web:8080", (string?)environment["PROVOST_Gateway__Web__0"]);
    }
}
