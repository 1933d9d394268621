using Provost.Rendering.Compose;
using Provost.Topology.Model;

namespace Provost.Rendering.Tests.Compose;

public sealed class ComposeDocumentTests
{
    private static readonly Dictionary<string, IReadOnlyList<int>> Moved = new() { ["api"] = [3, 4], ["web"] = [2], ["gateway"] = [2] };

    public static TheoryData<string> Sites { get; } = [.. ComposeSamples.Sites.Keys];

    [Theory]
    [MemberData(nameof(Sites))]
    public void What_was_read_is_written_byte_for_byte(string site)
    {
        var text = ComposeSamples.Render(ComposeSamples.Sites[site]).Text("compose.yaml");

        Assert.Equal(text, ComposeDocument.Read(text).Text);
    }

    [Fact]
    public void It_knows_its_release_and_the_numbers_of_its_replicas()
    {
        var document = Read(ComposeSamples.Sites["plain"], Moved);

        Assert.Equal("1.2.3+abc", document.Release);
        Assert.Equal([3, 4], document.Numbers["api"]);
        Assert.Equal(["api-3", "api-4", "web-2", "gateway-2"], document.Services.Where(s => s.Service is "api" or "web" or "gateway").Select(s => s.Name));
        Assert.Contains("http://api-3:8080", document.Services.Single(s => s.Name == "gateway-2").Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_release_beside_another_shares_no_name_with_it()
    {
        var (old, next) = (Read(ComposeSamples.Sites["plain"], null), Read(ComposeSamples.Sites["plain"], Moved));

        Assert.Equal(["secrets", "edge", "redis", "clickhouse", "backup"], old.Services.Select(s => s.Name).Intersect(next.Services.Select(s => s.Name)));
    }

    [Fact]
    public void What_is_kept_stays_as_it_is_with_the_volumes_that_it_uses()
    {
        var (old, next) = (Read(ComposeSamples.Sites["plain"], null), Read(ComposeSamples.Sites["embedded"], Moved));

        var kept = next.Keep(old, s => s.Service is "redis");

        Assert.Equal(old.Services.Single(s => s.Name == "redis"), kept.Services.Single(s => s.Name == "redis"));
        Assert.NotEqual(old.Services.Single(s => s.Name == "clickhouse"), kept.Services.Single(s => s.Name == "clickhouse"));
        Assert.Contains("\n  redis-data:\n    name:", kept.Text, StringComparison.Ordinal);
        Assert.Contains("\n  clickhouse-embedded-data:\n    name:", kept.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_image_alone_is_told_from_another_setting()
    {
        var edge = Read(ComposeSamples.Sites["plain"], null).Services.Single(s => s.Name == "edge");
        var moved = Read(ComposeSamples.Sites["plain"] with { Http = new Http { Port = 9000 } }, null).Services.Single(s => s.Name == "edge");

        Assert.True(edge.DiffersInImageAlone(edge with { Text = edge.Text.Replace(edge.Image!, "registry.example.edu/other:1.2.4", StringComparison.Ordinal) }));
        Assert.False(edge.DiffersInImageAlone(moved));
    }

    private static ComposeDocument Read(Site site, IReadOnlyDictionary<string, IReadOnlyList<int>>? numbers) => ComposeDocument.Read(ComposeSamples.Render(site, numbers: numbers).Text("compose.yaml"));
}
