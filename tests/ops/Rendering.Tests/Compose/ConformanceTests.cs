using System.Text.Json.Nodes;

namespace Provost.Rendering.Tests.Compose;

public sealed class ConformanceTests
{
    public static TheoryData<string> Sites { get; } = [.. ComposeSamples.Sites.Keys];

    [Theory]
    [MemberData(nameof(Sites))]
    public void What_is_rendered_keeps_every_rule(string site) =>
        Assert.Empty(ComposeRules.Violations(ComposeSamples.Document(ComposeSamples.Sites[site]), ComposeSamples.Sites[site]));

    [Theory]
    [MemberData(nameof(Sites))]
    public void Without_any_single_field_a_rule_is_broken(string name)
    {
        var site = ComposeSamples.Sites[name];
        var document = ComposeSamples.Document(site);
        var fields = Fields(document, []).ToList();
        Assert.True(fields.Count > 250, $"only {fields.Count} fields were found");

        var unnoticed = fields.Where(field => ComposeRules.Violations(Without(document, field), site).Count == 0).Select(field => string.Join('.', field));

        Assert.Empty(unnoticed);
    }

    [Theory]
    [InlineData("image", "docker.io/library/redis:latest")]
    [InlineData("user", "0:0")]
    [InlineData("user", "redis")]
    [InlineData("read_only", "false")]
    [InlineData("privileged", "true")]
    public void What_is_weakened_is_noticed(string field, string value)
    {
        var site = ComposeSamples.Sites["plain"];
        var document = ComposeSamples.Document(site);
        document["services"]!["redis"]![field] = value;

        Assert.NotEmpty(ComposeRules.Violations(document, site));
    }

    [Fact]
    public void A_secret_in_the_environment_is_noticed()
    {
        var site = ComposeSamples.Sites["plain"];
        var document = ComposeSamples.Document(site);
        document["services"]!["clickhouse"]!["environment"]!["CLICKHOUSE_PASSWORD"] = "hunter2";

        Assert.Contains(ComposeRules.Violations(document, site), v => v.Contains("CLICKHOUSE_PASSWORD", StringComparison.Ordinal));
    }

    // Every key of every map and every entry of every list, at any depth; values of lists count as one field each.
    private static IEnumerable<string[]> Fields(JsonNode? node, string[] path) => node switch
    {
        JsonObject map => map.SelectMany(p => Fields(p.Value, [.. path, p.Key]).Prepend([.. path, p.Key])),
        JsonArray list => list.SelectMany((item, i) => Fields(item, [.. path, $"{i}"]).Prepend([.. path, $"{i}"])),
        _ => [],
    };

    private static JsonObject Without(JsonObject document, string[] path)
    {
        var copy = document.DeepClone().AsObject();
        var parent = path[..^1].Aggregate((JsonNode)copy, (node, key) => node is JsonArray list ? list[int.Parse(key, System.Globalization.CultureInfo.InvariantCulture)]! : node[key]!);
        if (parent is JsonArray array)
        {
            array.RemoveAt(int.Parse(path[^1], System.Globalization.CultureInfo.InvariantCulture));
        }
        else
        {
            parent.AsObject().Remove(path[^1]);
        }
        return copy;
    }
}
