using System.Text.Json.Nodes;
using Provost.Runbooks.Images.Registries;

namespace Provost.Containers.Tests;

/// <summary>The registry of an installation, from the files that provost writes: started, pushed to, pruned, its space given back.</summary>
[Collection(BuiltImages.Turns)]
public sealed class OwnRegistryStory(BuiltImages images)
{
    private readonly string folder = Path.Combine(images.Folder, "own-registry");

    [Fact]
    public async Task Started_by_its_Compose_file_pushed_to_pruned_and_its_space_given_back()
    {
        images.Require();
        var port = PrivateRegistry.FreePort();
        string[] at = await WriteAsync(port);
        (await ComposeAsync("up", "--detach", "--wait")).Require();
        try
        {
            await RunsAsTheOwnerOfItsKeyAsync();
            foreach (var version in new[] { "0.1.0", "0.1.1" })
            {
                images.AddVersion("gateway", version, "r");
                (await images.ProvostPlainAsync(["push", "gateway", "--release", version, "--revision", "r", .. at])).Require();
            }
            await PruneAsync([.. at, "--keep", "1"]);
        }
        finally
        {
            await ComposeAsync("down");
        }
    }

    private async Task<string[]> WriteAsync(int port)
    {
        var (password, lockFile) = (Path.Combine(images.Folder, "own-password"), Path.Combine(images.Folder, "own-registry.lock.json"));
        await File.WriteAllTextAsync(password, "not a word of any list\n", TestContext.Current.CancellationToken);
        string[] account = ["--registry-user", "provost", "--registry-password-file", password, "--lock", lockFile];
        (await images.ProvostPlainAsync(["registry", "-o", folder, "--host", "localhost", "--port", $"{port}", .. account])).Require();
        return ["--registry", $"localhost:{port}/campus/provost", "--registry-ca", Path.Combine(folder, "ca.crt"), .. account];
    }

    private async Task RunsAsTheOwnerOfItsKeyAsync()
    {
        var key = Path.Combine(folder, "config", "tls.key");
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(key));
        var owner = (await Programs.RunAsync("stat", ["--format", "%u:%g", key])).Require().Trim();
        var container = (await ComposeAsync("ps", "--quiet", "registry")).Require().Trim();
        Assert.Equal($"{owner} true {RegistryFiles.Image}", (await images.DockerAsync("inspect", "--format", "{{.Config.User}} {{.HostConfig.ReadonlyRootfs}} {{.Config.Image}}", container)).Require().Trim());
        Assert.Equal("1654:1654", owner);
    }

    private async Task PruneAsync(string[] options)
    {
        var plan = JsonNode.Parse((await images.ProvostPlainAsync(["prune", .. options, "--dry-run", "--json"])).Require())!.AsArray();
        Assert.Equal(["0.1.0"], plan.Where(entry => (bool)entry!["remove"]!).Select(entry => (string)entry!["tags"]![0]!));
        Assert.Equal(8, (await images.ProvostPlainAsync(["prune", .. options])).Exit);
        var refused = JsonNode.Parse((await images.ProvostPlainAsync(["prune", .. options, "--json"])).Output)!["error"]!;
        Assert.Contains("0.1.0", (string?)Assert.Single(refused["details"]!.AsArray()), StringComparison.Ordinal);
        var before = Size();

        (await images.ProvostPlainAsync(["prune", .. options, "--yes", "--registry-folder", folder])).Require();

        Assert.True(Size() < before);
        Assert.DoesNotContain("0.1.0", (await images.ProvostPlainAsync(["prune", .. options, "--dry-run", "--json"])).Require(), StringComparison.Ordinal);
    }

    private Task<Outcome> ComposeAsync(params string[] arguments) => images.RunAsync("docker", ["compose", "--project-directory", folder, .. arguments]);

    private long Size() => Directory.EnumerateFiles(Path.Combine(folder, "data"), "*", SearchOption.AllDirectories).Sum(file => new FileInfo(file).Length);
}
