using System.Text.Json.Nodes;

namespace Provost.Containers.Tests;

/// <summary>An engine of its own on a disk that is too small for what it is to pull.</summary>
[Collection(BuiltImages.Turns)]
public sealed class FullDiskStory(BuiltImages images)
{
    [Fact]
    public async Task An_engine_whose_disk_is_full_says_so_and_starts_nothing()
    {
        images.Require();
        await using var registry = await PrivateRegistry.StartAsync(Path.Combine(images.Folder, "registry-for-full"));
        registry.TrustByEngine();
        var lockFile = Path.Combine(images.Folder, "full.lock.json");
        (await images.ProvostPlainAsync(["push", "backend", "--release", BuiltImages.Version, "--revision", "story", .. registry.Options, "--lock", lockFile])).Require();
        await using var engine = await SmallEngine.StartAsync(Path.Combine(images.Folder, "full"));

        var outcome = await images.RunAsync(Programs.Provost, ["images", "pull", "backend", .. registry.Options, "--lock", lockFile, "--json"], engine.Host);

        var error = JsonNode.Parse(outcome.Output)!["error"]!;
        Assert.Contains("the disk of the Docker engine is full", (string?)error["what"], StringComparison.Ordinal);
        Assert.Contains("docker system df", (string?)error["remedy"], StringComparison.Ordinal);
        Assert.Equal(5, outcome.Exit);
        Assert.Empty((await images.RunAsync("docker", ["ps", "--all", "--quiet"], engine.Host)).Require());
    }

    private sealed class SmallEngine(string folder, string host) : IAsyncDisposable
    {
        public string Host => host;

        public static async Task<SmallEngine> StartAsync(string folder)
        {
            var data = Directory.CreateDirectory(Path.Combine(folder, "data")).FullName;
            (await Programs.RunAsync("mount", ["-t", "tmpfs", "-o", "size=24m", "tmpfs", data])).Require();
            return new(folder, (await Programs.RunAsync(BuiltImages.Script("engine.sh"), ["start", folder])).Require().Trim());
        }

        public async ValueTask DisposeAsync() => await Programs.RunAsync(BuiltImages.Script("engine.sh"), ["stop", folder]);
    }
}
