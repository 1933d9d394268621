using System.Text.Json.Nodes;
using Provost.Rendering.Kubernetes.Manifests;
using YamlDotNet.RepresentationModel;

namespace Provost.Rendering.Tests.Kubernetes;

public sealed class YamlTests
{
    [Theory]
    [InlineData("plain")]
    [InlineData("yes")]
    [InlineData("No")]
    [InlineData("null")]
    [InlineData("~")]
    [InlineData("")]
    [InlineData("1.10")]
    [InlineData("0x1F")]
    [InlineData("1e3")]
    [InlineData("12:30:45")]
    [InlineData("2026-01-31")]
    [InlineData("- dash")]
    [InlineData("a: b")]
    [InlineData("a #comment")]
    [InlineData("#comment")]
    [InlineData(" leading")]
    [InlineData("trailing ")]
    [InlineData("*")]
    [InlineData("&anchor")]
    [InlineData("!tag")]
    [InlineData("{a}")]
    [InlineData("[a]")]
    [InlineData("'single'")]
    [InlineData("\"double\"")]
    [InlineData("%percent")]
    [InlineData("@at")]
    [InlineData("back\\slash")]
    [InlineData("tab\there")]
    [InlineData("two\nlines")]
    [InlineData("two\nlines\n")]
    [InlineData("three\n\nlines\n\n")]
    [InlineData("\n leading line")]
    [InlineData("  indented\nfirst line")]
    [InlineData("bell\a")]
    [InlineData("http://api:8080")]
    [InlineData("17 2 * * *")]
    [InlineData("10.0.0.0/8,fc00::/7")]
    [InlineData("Größe Ω")]
    public void A_text_reads_back_as_itself_and_as_a_text(string text)
    {
        var written = Yaml.Write(new JsonObject { ["key"] = text, ["list"] = new JsonArray(text, new JsonObject { [text.Length == 0 ? "k" : text] = text }) });

        var stream = new YamlStream();
        stream.Load(new StringReader(written));
        var root = (YamlMappingNode)stream.Documents[0].RootNode;
        var list = (YamlSequenceNode)root["list"];
        Assert.All([root["key"], list[0], ((YamlMappingNode)list[1]).Children.Single().Value], node =>
        {
            var scalar = (YamlScalarNode)node;
            Assert.Equal(text, scalar.Value);
            Assert.True(scalar.Style is not YamlDotNet.Core.ScalarStyle.Plain || !LooksLikeSomethingElse(text), written);
        });
    }

    [Fact]
    public void Numbers_and_flags_stay_what_they_are() =>
        Assert.Equal("a: 1\nb: true\nc: {}\nd: []\ne:\n- 2\n", Yaml.Write(new JsonObject { ["a"] = 1, ["b"] = true, ["c"] = new JsonObject(), ["d"] = new JsonArray(), ["e"] = new JsonArray(2) }));

    private static bool LooksLikeSomethingElse(string text) =>
        text is "yes" or "No" or "null" or "~" or "" || double.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out _) || text.StartsWith("0x", StringComparison.Ordinal) || text.Contains(":30", StringComparison.Ordinal);
}
