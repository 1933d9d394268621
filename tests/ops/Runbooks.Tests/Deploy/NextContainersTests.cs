using Provost.Rendering.Compose;
using Provost.Runbooks.Deploy;
using Provost.Runbooks.Releases;
using Provost.Runbooks.Targets.Compose;
using Provost.Topology.Model;

namespace Provost.Runbooks.Tests.Deploy;

public sealed class NextContainersTests : IDisposable
{
    private static readonly Site Plain = new() { Target = Target.Compose, Domain = "insights.example.edu" };
    private readonly TemporaryState temporary = new();

    public void Dispose() => temporary.Dispose();

    [Fact]
    public void A_release_comes_beside_what_runs_and_leaves_stores_and_the_public_socket_alone()
    {
        var running = Running("1.0.0+a", Plain);

        var next = Render(running, "2.0.0+b", Plain);

        Assert.Equal(["agent", "api-3", "api-4", "backup", "clickhouse", "edge", "gateway-2", "redis", "secrets", "web-2"], next.Document.Services.Select(s => s.Name).Order(StringComparer.Ordinal));
        Assert.Equal("2.0.0+b", next.Document.Release);
        Assert.All(new[] { "edge", "redis", "clickhouse" }, name => Assert.Equal(Part(running, name), Part(next.Document, name)));
        Assert.All(new[] { "agent", "backup", "secrets" }, name => Assert.NotEqual(Part(running, name), Part(next.Document, name)));
    }

    [Fact]
    public void The_one_after_takes_the_first_numbers_again()
    {
        var second = Render(Running("1.0.0+a", Plain), "2.0.0+b", Plain).Document;

        var third = Render(second, "3.0.0+c", Plain).Document;

        Assert.Equal(["api-1", "api-2", "gateway", "web"], third.Services.Where(s => s.Service is "api" or "web" or "gateway").Select(s => s.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void When_the_gateway_alone_is_renewed_everything_else_stays_byte_for_byte()
    {
        var running = Running("1.0.0+a", Plain);

        var next = Render(running, "1.0.0+a", Plain, "gateway").Document;

        Assert.Equal(running.Services.Where(s => s.Name != "gateway"), next.Services.Where(s => s.Name != "gateway-2"));
        Assert.Contains("http://api-1:8080", Part(next, "gateway-2").Text, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_not_taken_up_is_said()
    {
        var changed = Plain with { Https = new Https { Port = 9443 }, Stores = new Stores { Redis = new Topology.Model.Redis { Memory = ByteSize.Mebibytes(900) } } };

        var notes = Render(Running("1.0.0+a", Plain), "1.0.0+a", changed).Notes;

        Assert.Contains(notes, note => note.Contains("(redis)", StringComparison.Ordinal) && note.Contains("--stores", StringComparison.Ordinal));
        Assert.Contains(notes, note => note.Contains("public address", StringComparison.Ordinal));
        Assert.Empty(Render(Running("1.0.0+a", Plain), "1.0.0+a", Plain).Notes);
    }

    private NextContainers Render(ComposeDocument running, string release, Site site, params string[] only)
    {
        var installation = Installation(site);
        var request = new DeployRequest("deploy", installation, "campus", "", temporary.State, release, "/provost");
        var manifest = new ReleaseManifest(release, DateTimeOffset.UnixEpoch, "somebody", Images(release), new SchemaRange(1, 1));
        return NextContainers.Render(only.Length == 0 ? request : request with { Only = only }, running, manifest, new ComposeFiles(ComposeProject.Of(installation, "campus", temporary.State)));
    }

    private static ComposeDocument Running(string release, Site site) => ComposeDocument.Read(
        ComposeRenderer.Render(Installation(site), "campus", new ComposeRequest(release, ComposeFlavour.Production, Images(release))).Text("compose.yaml"));

    private static ComposePart Part(ComposeDocument document, string name) => document.Services.Single(s => s.Name == name);

    private static Installation Installation(Site site) => new() { Name = "north", Sites = new Dictionary<string, Site> { ["campus"] = site } };

    private static Dictionary<string, string> Images(string release) => new[] { "backend", "frontend", "gateway", "agent", "stores", "backup" }
        .ToDictionary(name => name, name => $"registry.example.edu/{name}:{release.Split('+')[0]}")
        .Append(new("redis", "docker.io/library/redis:7.4.7-bookworm")).Append(new("clickhouse", "docker.io/clickhouse/clickhouse-server:26.3.33.24")).ToDictionary();
}
