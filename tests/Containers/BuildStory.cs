using System.Formats.Tar;
using System.Text.Json.Nodes;
using Provost.Harness;
using Provost.Runbooks.Images;
using Provost.Runbooks.Images.Archives;
using Provost.Runbooks.Images.Building;
using Provost.Runbooks.Tools;

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
        // Every image, compiled anew, in the soak; otherwise what the engine has cached of one is made reproducible anew.
        var (names, compile) = Repository.Soak ? (images.Built.Select(one => (string)one!["image"]!).ToArray(), new[] { "--no-cache" }) : (["gateway"], []);

        var again = (await images.ProvostAsync(["build", .. names, "--release", BuiltImages.Version, "--revision", "story", "--network", "host", "--json", .. compile])).Require();

        Assert.Equal(
            names.Order(StringComparer.Ordinal).Select(name => (name, images.DigestOf(name))),
            JsonNode.Parse(again)!.AsArray().Select(one => ((string)one!["image"]!, (string)one["digest"]!)).OrderBy(one => one.Item1, StringComparer.Ordinal));
    }

    [Fact]
    public async Task BuildKit_which_keeps_a_pulled_base_to_itself_gives_the_same_digest()
    {
        images.Require();
        Assert.SkipUnless((await images.RunAsync("docker", ["buildx", "version"])).Exit == 0, "extra: the docker command of this machine has no buildx, without which there is no BuildKit");
        await using var registry = await PrivateRegistry.StartAsync(Path.Combine(images.Folder, "registry-buildkit"));
        registry.TrustByEngine();
        images.SignInTo(registry);
        var runtime = $"{registry.Host}/base:1.0.0";
        await PushSmallBaseAsync(runtime);
        var root = Directory.CreateDirectory(Path.Combine(images.Folder, "small")).FullName;
        Directory.CreateDirectory(Path.Combine(root, "deploy/docker"));
        await File.WriteAllTextAsync(Path.Combine(root, "deploy/docker/gateway.Dockerfile"), $"ARG RUNTIME_IMAGE={runtime}\nFROM ${{RUNTIME_IMAGE}}\nCOPY app /app\nUSER 1654:1654\n", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(root, "app"), "ours", TestContext.Current.CancellationToken);

        var classic = await BuildSmallAsync(root, runtime, "0");
        var buildKit = await BuildSmallAsync(root, runtime, "1");

        images.SignInTo(null);
        Assert.True(buildKit.BaseBytes > 0);
        Assert.Equal((classic.Digest, classic.BaseBytes), (buildKit.Digest, buildKit.BaseBytes));
    }

    private async Task PushSmallBaseAsync(string name)
    {
        var archive = Path.Combine(images.Folder, "base.tar");
        await using (var tar = new TarWriter(File.Create(archive)))
        {
            tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, "of-base") { DataStream = new MemoryStream("base"u8.ToArray()) });
        }
        (await images.DockerAsync("import", archive, name)).Require();
        (await images.DockerAsync("push", name)).Require();
    }

    // The engine does not have the base: each builder gets it in its own way.
    private async Task<BuiltImage> BuildSmallAsync(string root, string runtime, string buildKit)
    {
        await images.DockerAsync("image", "rm", "--force", runtime);
        var environment = new Dictionary<string, string>(images.EngineSettings) { ["DOCKER_BUILDKIT"] = buildKit };
        var build = new ImageBuild(new DockerEngine("docker", environment), new OciLayout(Path.Combine(root, "images")), Path.Combine(root, "images.lock.json"));
        var options = new BuildOptions(root, "small", ImageTags.Parse("1.2.3", "abc"), "unknown", DateTimeOffset.UnixEpoch) { Names = ["gateway"] };
        var built = Assert.Single(await build.RunAsync(options, _ => { }, TestContext.Current.CancellationToken));
        await images.DockerAsync(["image", "rm", "--force", .. built.Tags.Select(tag => $"{built.Repository}:{tag}")]);
        return built;
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
