using System.Text.Json.Nodes;

namespace Provost.Containers.Tests;

/// <summary>Push to a real registry over TLS, pull by digest, prune, and everything that goes wrong with registries.</summary>
[Collection(BuiltImages.Turns)]
public sealed class RegistryStory(BuiltImages images)
{
    // The small ones: what is shown does not depend on the size.
    private static readonly string[] Push = ["push", "gateway", "frontend", "--release", BuiltImages.Version, "--revision", "story"];

    [Fact]
    public async Task Pushed_over_TLS_recorded_by_digest_and_pulled_by_digest()
    {
        images.Require();
        await using var registry = await PrivateRegistry.StartAsync(Folder("push"));
        registry.TrustByEngine();

        (await RunAsync(registry, [.. Push, .. registry.Options])).Require();
        var locked = JsonNode.Parse(await File.ReadAllTextAsync(LockOf(registry), TestContext.Current.CancellationToken))!["images"]!["gateway"]!;
        Assert.Equal(images.DigestOf("gateway"), (string?)locked["digest"]);
        Assert.Equal($"{registry.Host}/campus/provost/gateway", (string?)locked["repository"]);

        var pulled = (await RunAsync(registry, ["pull", "gateway", .. registry.Options])).Require().Trim();
        Assert.Equal($"{registry.Host}/campus/provost/gateway@{images.DigestOf("gateway")}", pulled);
        Assert.Equal(
            (string?)images.Built.Single(one => (string?)one!["image"] == "gateway")!["id"],
            (await images.DockerAsync("image", "inspect", "--format", "{{.Id}}", pulled)).Require().Trim());

        // The same again changes nothing and is no error.
        (await RunAsync(registry, [.. Push, .. registry.Options])).Require();
    }

    [Fact]
    public async Task What_is_wrong_with_a_registry_is_said_with_its_remedy()
    {
        images.Require();
        await using var registry = await PrivateRegistry.StartAsync(Folder("wrong"));
        var wrong = Path.Combine(images.Folder, "wrong-password");
        await File.WriteAllTextAsync(wrong, "guess", TestContext.Current.CancellationToken);
        string[] at = ["--registry", $"{registry.Host}/campus/provost"];

        await FailsAsync(registry, [.. Push, .. at, "--registry-ca", registry.Authority, "--registry-user", "provost", "--registry-password-file", wrong], 8, "refuses the credentials", "password");
        await FailsAsync(registry, [.. Push, .. at, "--registry-ca", registry.Authority], 8, "wants credentials", "--registry-password-file");
        await FailsAsync(registry, [.. Push, .. at, "--registry-user", "provost", "--registry-password-file", registry.PasswordFile], 5, "is not trusted", "--registry-ca");
        await FailsAsync(registry, [.. Push, "--registry", $"localhost:{PrivateRegistry.FreePort()}/p"], 5, "cannot be reached", "registry runs");
        await FailsAsync(registry, ["push", "gateway", "--release", "9.9.9", .. registry.Options], 1, "is not built", "images build");
    }

    [Fact]
    public async Task A_version_that_is_out_is_never_changed()
    {
        images.Require();
        await using var registry = await PrivateRegistry.StartAsync(Folder("immutable"));
        (await RunAsync(registry, [.. Push, .. registry.Options])).Require();
        images.AddVersion("gateway", BuiltImages.Version, "other", prefix: "changed");

        await FailsAsync(registry, ["push", "gateway", "--release", BuiltImages.Version, "--revision", "other", "--prefix", "changed", .. registry.Options], 8, "with other content", "new version");
    }

    [Fact]
    public async Task A_digest_that_does_not_match_is_refused_before_the_engine_is_touched()
    {
        images.Require();
        await using var registry = await PrivateRegistry.StartAsync(Folder("damaged"));
        (await RunAsync(registry, [.. Push, .. registry.Options])).Require();
        var text = await File.ReadAllTextAsync(LockOf(registry), TestContext.Current.CancellationToken);

        await File.WriteAllTextAsync(LockOf(registry), text.Replace(images.DigestOf("gateway"), "sha256:" + new string('a', 64), StringComparison.Ordinal), TestContext.Current.CancellationToken);
        await FailsAsync(registry, ["pull", "gateway", .. registry.Options], 8, "no gateway with the locked digest", "push");

        await File.WriteAllTextAsync(LockOf(registry), text, TestContext.Current.CancellationToken);
        await DamagedLayerIsSaidAsync(registry);
        await File.WriteAllTextAsync(LockOf(registry), text, TestContext.Current.CancellationToken);
        registry.Damage(images.DigestOf("gateway"));
        var outcome = await RunAsync(registry, ["pull", "gateway", .. registry.Options]);
        Assert.NotEqual(0, outcome.Exit);
    }

    // The manifest is whole: the engine finds out as it unpacks.
    private async Task DamagedLayerIsSaidAsync(PrivateRegistry registry)
    {
        var layer = await images.AddLayerAsync("gateway", "0.7.0");
        (await RunAsync(registry, ["push", "gateway", "--release", "0.7.0", "--revision", "layer", .. registry.Options])).Require();
        registry.Damage(layer);

        await FailsAsync(registry, ["pull", "gateway", .. registry.Options], 8, "other bytes than the digest names", "tampered");
    }

    [Fact]
    public async Task A_registry_whose_disk_is_full_says_so()
    {
        images.Require();
        var small = Directory.CreateDirectory(Path.Combine(images.Folder, "small")).FullName;
        (await Programs.RunAsync("mount", ["-t", "tmpfs", "-o", "size=1m", "tmpfs", small])).Require();
        try
        {
            await using var registry = await PrivateRegistry.StartAsync(Folder("full"), small);

            await FailsAsync(registry, [.. Push, .. registry.Options], 5, "localhost", "images prune");
        }
        finally
        {
            await Programs.RunAsync("umount", ["--lazy", small]);
        }
    }

    private string Folder(string name) => Path.Combine(images.Folder, $"registry-{name}");

    private string LockOf(PrivateRegistry registry) => Path.Combine(images.Folder, $"{registry.Port}.lock.json");

    private Task<Outcome> RunAsync(PrivateRegistry registry, string[] arguments) => images.ProvostPlainAsync([.. arguments, "--lock", LockOf(registry)]);

    private async Task FailsAsync(PrivateRegistry registry, string[] arguments, int exit, string what, string remedy)
    {
        var outcome = await RunAsync(registry, [.. arguments, "--json"]);
        var error = JsonNode.Parse(outcome.Output)!["error"]!;
        Assert.Contains(what, (string?)error["what"], StringComparison.Ordinal);
        Assert.Contains(remedy, (string?)error["remedy"], StringComparison.Ordinal);
        Assert.Equal(exit, outcome.Exit);
    }
}
