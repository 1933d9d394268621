namespace Provost.Containers.Tests;

/// <summary>Built with a real engine: small, reproducible, without root and without a shell.</summary>
[Collection(BuiltImages.Turns)]
public sealed class BuildStory(BuiltImages images)
{
    private const long BackendLimit = 40_000_000;

    [Fact]
    public void Every_image_is_built_and_tagged_and_its_size_stands_beside_its_bases()
    {
        images.Require();

        Assert.Equal(["agent", "backend", "backup", "frontend", "gateway", "stores", "wasm-builder"], images.Built.Select(one => (string)one!["image"]!).Order(StringComparer.Ordinal));
        Assert.All(images.Built, one =>
        {
            Assert.Equal([$"provost/{one!["image"]}:0.0.1", $"provost/{one["image"]}:0.0.1-story", $"provost/{one["image"]}:0.0"], one["tags"]!.AsArray().Select(tag => (string)tag!));
            Assert.True((long)one["bytes"]! > (long)one["baseBytes"]!);
            TestContext.Current.SendDiagnosticMessage($"{one["image"]}: {((long)one["bytes"]! - (long)one["baseBytes"]!) / 1e6:0.0} MB on a base of {(long)one["baseBytes"]! / 1e6:0.0} MB");
        });
        var backend = images.Built.Single(one => (string?)one!["image"] == "backend")!;
        Assert.InRange((long)backend["bytes"]! - (long)backend["baseBytes"]!, 1, BackendLimit);
    }

    [Fact]
    public async Task The_same_source_gives_the_same_digest_again()
    {
        images.Require();
        // Compiled anew in the soak; otherwise what the engine has cached is made reproducible anew.
        string[] compile = Environment.GetEnvironmentVariable("PROVOST_SOAK") == "1" ? ["--no-cache"] : [];

        var again = (await images.ProvostAsync(["build", "gateway", "--release", BuiltImages.Version, "--revision", "story", "--network", "host", "--json", .. compile])).Require();

        Assert.Equal(images.DigestOf("gateway"), (string?)System.Text.Json.Nodes.JsonNode.Parse(again)![0]!["digest"]);
    }

    [Fact]
    public async Task The_engine_has_what_was_built_under_the_same_id()
    {
        images.Require();

        foreach (var one in images.Built)
        {
            Assert.Equal((string?)one!["id"], (await images.DockerAsync("image", "inspect", "--format", "{{.Id}}", (string)one["tags"]![0]!)).Require().Trim());
        }
    }
}
