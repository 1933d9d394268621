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

    /// <summary>The same from provost.yaml, without a single option: up starts it, the site's images come from it by their digests.</summary>
    [Fact]
    public async Task Started_by_up_pushed_to_pulled_from_pruned_stopped_and_removed_with_its_site()
    {
        images.Require();
        var port = PrivateRegistry.FreePort();
        await using var site = await ComposeSite.PrepareAsync(images, "own", Sites(PrivateRegistry.FreePort()), $"registry: {{ own: {{ port: {port} }}, keep: 1 }}\n");
        var home = Path.Combine(site.Folder, ".provost-registry");

        // The lock file names what nobody pushed yet: the registry runs, and no container of the site does.
        await site.LockAsync($"localhost:{port}/provost");
        await FailsAsync(site, 1, $"the registry localhost:{port} does not have provost/", "provost images push", "up", "--detach", "--no-demo");
        Assert.Equal(7, (await site.ProvostAsync("status")).Exit);
        await site.PushAsync();

        (await site.ProvostAsync("up", "--detach", "--no-demo")).Require();
        Assert.Contains($"localhost:{port}/provost/gateway@{images.DigestOf("gateway")}", (await images.DockerAsync("image", "inspect", "--format", "{{.RepoDigests}}", $"localhost:{port}/provost/gateway@{images.DigestOf("gateway")}")).Require(), StringComparison.Ordinal);
        await IsSeenAsync(site, $"localhost:{port}/provost");
        await PruneAsync(site, home);

        (await site.ProvostAsync("down")).Require();
        Assert.Empty((await images.DockerAsync("ps", "--all", "--quiet", "--filter", "label=com.docker.compose.project=provost-registry-own")).Require().Trim());
        Assert.NotEqual(0, Size(home));
        (await site.ProvostAsync("destroy", "--yes", "own")).Require();
        Assert.False(Directory.Exists(home));
        (await images.DockerAsync("volume", "rm", "own_backups")).Require();
    }

    private static string Sites(int port) =>
        $"  campus:\n    target: compose\n    http: {{ port: {port} }}\n    stores: {{ redis: {{ server: embedded }}, clickHouse: {{ server: embedded }} }}\n";

    private static async Task IsSeenAsync(ComposeSite site, string address)
    {
        var registry = JsonNode.Parse((await site.ProvostAsync("status", "--json")).Require())!["registry"]!;
        Assert.Equal((address, true), ((string?)registry["address"], (bool)registry["answers"]!));
        Assert.InRange(((DateTimeOffset)registry["certificateUntil"]! - TimeProvider.System.GetUtcNow()).TotalDays, 89, 91);
        var findings = JsonNode.Parse((await site.ProvostAsync("doctor", "--json")).Output)!["findings"]!.AsArray().Where(finding => (string?)finding!["check"] == "registry").ToList();
        Assert.Equal(3, findings.Count);
        Assert.All(findings, finding => Assert.True((bool)finding!["ok"]!));
    }

    private async Task PruneAsync(ComposeSite site, string home)
    {
        foreach (var version in new[] { "0.2.0", "0.2.1" })
        {
            images.AddVersion("gateway", version, "r");
            (await site.ProvostAsync("images", "push", "gateway", "--release", version, "--revision", "r")).Require();
        }
        var before = Size(home);
        (await site.ProvostAsync("images", "prune", "--yes")).Require();
        Assert.True(Size(home) < before);
        var kept = (await site.ProvostAsync("images", "prune", "--dry-run", "--json")).Require();
        Assert.Contains("0.2.1", kept, StringComparison.Ordinal);
        Assert.DoesNotContain("0.2.0", kept, StringComparison.Ordinal);
    }

    private static async Task FailsAsync(ComposeSite site, int exit, string what, string remedy, params string[] verb)
    {
        var outcome = await site.ProvostAsync([.. verb, "--json"]);
        var error = JsonNode.Parse(outcome.Output)!["error"]!;
        Assert.Contains(what, (string?)error["what"], StringComparison.Ordinal);
        Assert.Contains(remedy, (string?)error["remedy"], StringComparison.Ordinal);
        Assert.Equal(exit, outcome.Exit);
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
        var before = Size(folder);

        (await images.ProvostPlainAsync(["prune", .. options, "--yes", "--registry-folder", folder])).Require();

        Assert.True(Size(folder) < before);
        Assert.DoesNotContain("0.1.0", (await images.ProvostPlainAsync(["prune", .. options, "--dry-run", "--json"])).Require(), StringComparison.Ordinal);
    }

    private Task<Outcome> ComposeAsync(params string[] arguments) => images.RunAsync("docker", ["compose", "--project-directory", folder, .. arguments]);

    private static long Size(string folder) => Directory.EnumerateFiles(Path.Combine(folder, "data"), "*", SearchOption.AllDirectories).Sum(file => new FileInfo(file).Length);
}
