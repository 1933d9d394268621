using System.Text.Json.Nodes;
using Provost.Runbooks.Images.Registries;

namespace Provost.Containers.Tests;

/// <summary>An engine of its own on a disk that is too small for what it is to pull.</summary>
[Collection(BuiltImages.Turns)]
public sealed class FullDiskStory(BuiltImages images)
{
    [Fact]
    public async Task An_engine_whose_disk_is_full_says_so_and_leaves_alone_what_runs()
    {
        images.Require();
        await using var registry = await PrivateRegistry.StartAsync(Path.Combine(images.Folder, "registry-for-full"));
        registry.TrustByEngine();
        var lockFile = Path.Combine(images.Folder, "full.lock.json");
        (await images.ProvostPlainAsync(["push", "backend", "--release", BuiltImages.Version, "--revision", "story", .. registry.Options, "--lock", lockFile])).Require();
        await using var engine = await SmallEngine.StartAsync(Path.Combine(images.Folder, "full"));

        var running = await RunSmallAsync(engine);

        var outcome = await images.RunAsync(Programs.Provost, ["images", "pull", "backend", .. registry.Options, "--lock", lockFile, "--json"], engine.Host);

        var error = JsonNode.Parse(outcome.Output)!["error"]!;
        Assert.Contains("the disk of the Docker engine is full", (string?)error["what"], StringComparison.Ordinal);
        Assert.Contains("docker system df", (string?)error["remedy"], StringComparison.Ordinal);
        Assert.Equal(5, outcome.Exit);
        Assert.Equal(running, await ContainersAsync(engine));
    }

    // What runs on that engine meanwhile: one small program without anything else.
    private async Task<string> RunSmallAsync(SmallEngine engine)
    {
        var container = (await images.DockerAsync("create", RegistryFiles.Image)).Require().Trim();
        var folder = Directory.CreateDirectory(Path.Combine(images.Folder, "program")).FullName;
        (await images.DockerAsync("cp", $"{container}:/bin/wget", Path.Combine(folder, "busybox"))).Require();
        (await images.DockerAsync("rm", container)).Require();
        var archive = Path.Combine(images.Folder, "program.tar");
        await System.Formats.Tar.TarFile.CreateFromDirectoryAsync(folder, archive, includeBaseDirectory: false, TestContext.Current.CancellationToken);
        (await images.RunAsync("docker", ["import", archive, "small/program:1.0.0"], engine.Host)).Require();
        (await images.RunAsync("docker", ["run", "--detach", "--name", "small", "--network", "none", "small/program:1.0.0", "/busybox", "sleep", "3600"], engine.Host)).Require();
        var running = await ContainersAsync(engine);
        Assert.Contains("true", running, StringComparison.Ordinal);
        return running;
    }

    private async Task<string> ContainersAsync(SmallEngine engine)
    {
        var ids = (await images.RunAsync("docker", ["ps", "--all", "--quiet"], engine.Host)).Require().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return (await images.RunAsync("docker", ["inspect", "--format", "{{.Id}} {{.State.StartedAt}} {{.State.Running}}", .. ids], engine.Host)).Require();
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

        public async ValueTask DisposeAsync()
        {
            await Programs.RunAsync("docker", ["--host", host, "rm", "--force", "small"]);
            await Programs.RunAsync(BuiltImages.Script("engine.sh"), ["stop", folder]);
        }
    }
}
