using System.Formats.Tar;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Provost.Runbooks.Images.Archives;
using Provost.Runbooks.Images.Registries;

[assembly: AssemblyFixture(typeof(Provost.Containers.Tests.BuiltImages))]

namespace Provost.Containers.Tests;

/// <summary>
/// A real engine with all images built by <c>provost images build</c>, once for all stories. Where no public image can be
/// pulled, stand-ins take the place of the base images; the Dockerfiles are those that users get.
/// PROVOST_CONTAINERS_HOST names an engine to use instead of one of our own.
/// </summary>
public sealed class BuiltImages : IAsyncLifetime
{
    /// <summary>One engine, one image store: stories of this collection take turns.</summary>
    public const string Turns = "engine";
    public const string Version = "0.0.1";
    public const string Redis = "docker.io/library/redis:7.4.7-bookworm";

    // Not that of the commit, which may change while the stories are told.
    private const string SourceTime = "1767225600";
    private static readonly string[] Tools = ["dockerd", "docker", "mmdebstrap", "docker-registry", "redis-server", "npm"];
    private readonly DirectoryInfo work = Directory.CreateTempSubdirectory("provost-containers-");
    private bool ownEngine;
    private Dictionary<string, string> environment = [];

    /// <summary>Why the stories cannot be told here; null when they can.</summary>
    public string? Lacks { get; private set; }

    public JsonArray Built { get; private set; } = [];

    public string Folder => work.FullName;

    /// <summary>Our own lock file: the stories must not change the repository.</summary>
    public string Lock => Path.Combine(work.FullName, "images.lock.json");

    public async ValueTask InitializeAsync()
    {
        if (Environment.UserName != "root")
        {
            Lacks = "an engine of our own needs root";
            return;
        }
        var missing = Tools.Where(tool => !Programs.Has(tool)).ToList();
        if (missing.Count > 0)
        {
            Lacks = $"not installed: {string.Join(", ", missing)} (tests/Containers/install.sh installs them)";
            return;
        }
        if (await EngineAsync() is not { } host)
        {
            return;
        }
        environment = new() { ["DOCKER_HOST"] = host, ["DOCKER_CONFIG"] = OwnDockerConfiguration(), ["SOURCE_DATE_EPOCH"] = SourceTime };
        try
        {
            (await Programs.RunAsync(Script("stand-ins.sh"), [], environment)).Require();
            (await Programs.RunAsync(Script("stand-ins.sh"), [Redis, RegistryFiles.Image], environment)).Require();
            Built = JsonNode.Parse((await ProvostAsync("build", "--release", Version, "--revision", "story", "--network", "host", "--json")).Require())!.AsArray();
        }
        catch
        {
            // Nobody disposes of what was not initialised.
            await DisposeAsync();
            throw;
        }
    }

    private async Task<string?> EngineAsync()
    {
        if (Environment.GetEnvironmentVariable("PROVOST_CONTAINERS_HOST") is { } given)
        {
            return given;
        }
        var started = await Programs.RunAsync(Script("engine.sh"), ["start", EngineFolder]);
        ownEngine = started.Exit == 0;
        Lacks = ownEngine ? null : $"no container engine starts here: {started.Error.Trim()}";
        return ownEngine ? started.Output.Trim() : null;
    }

    public async ValueTask DisposeAsync()
    {
        if (ownEngine && Lacks is null)
        {
            await Programs.RunAsync(Script("engine.sh"), ["stop", EngineFolder]);
        }
        work.Delete(recursive: true);
    }

    /// <summary>With them the docker command talks to our engine.</summary>
    internal IReadOnlyDictionary<string, string> EngineSettings => environment;

    /// <summary>Lists a version with one more layer, which no engine has yet.</summary>
    /// <returns>The digest of that layer in a registry.</returns>
    internal async Task<string> AddLayerAsync(string image, string version)
    {
        var layout = new OciLayout(Path.Combine(Programs.Root, "artifacts", "images"));
        var manifest = layout.ReadJson(DigestOf(image));
        var configuration = layout.ReadJson((string)manifest["config"]!["digest"]!);
        using var tar = new MemoryStream();
        await using (var writer = new TarWriter(tar, leaveOpen: true))
        {
            await writer.WriteEntryAsync(new PaxTarEntry(TarEntryType.RegularFile, "more") { DataStream = new MemoryStream(RandomNumberGenerator.GetBytes(1 << 16)) });
        }
        var id = OciLayout.Digest(tar.ToArray());
        var layer = await layout.WriteLayerAsync(id, () => new MemoryStream(tar.ToArray()), TestContext.Current.CancellationToken);
        configuration["rootfs"]!["diff_ids"]!.AsArray().Add(id);
        configuration["history"]!.AsArray().Add(new JsonObject { ["created_by"] = "one more" });
        var layers = manifest["layers"]!.AsArray().Select(one => new Blob((string)one!["digest"]!, (long)one["size"]!)).Append(layer).ToList();
        layout.WriteManifest($"provost/{image}:{version}", layout.Write(Encoding.UTF8.GetBytes(configuration.ToJsonString())), layers);
        return layer.Digest;
    }

    /// <summary>Fails under CI, skips elsewhere, when the machine lacks something.</summary>
    public void Require()
    {
        if (Lacks is not null && Environment.GetEnvironmentVariable("CI") == "true")
        {
            Assert.Fail(Lacks);
        }
        Assert.SkipWhen(Lacks is not null, Lacks ?? "");
    }

    internal Task<Outcome> ProvostAsync(params string[] arguments) => Programs.RunAsync(Programs.Provost, ["images", .. arguments, "--lock", Lock], environment);

    internal Task<Outcome> ProvostPlainAsync(params string[] arguments) => Programs.RunAsync(Programs.Provost, ["images", .. arguments], environment);

    /// <param name="host">Another engine than ours; null for ours.</param>
    internal Task<Outcome> RunAsync(string program, IEnumerable<string> arguments, string? host = null) =>
        Programs.RunAsync(program, arguments, host is null ? environment : new Dictionary<string, string>(environment) { ["DOCKER_HOST"] = host });

    internal Task KillWhenAsync(string said, string program, IEnumerable<string> arguments) => Programs.KillWhenAsync(said, program, arguments, environment);

    internal Task<Outcome> StrikeWhenAsync(string said, Func<Task> strike, string program, IEnumerable<string> arguments) => Programs.StrikeWhenAsync(said, strike, program, arguments, environment);

    /// <summary>What <c>docker login</c> leaves behind; null takes it away.</summary>
    internal void SignInTo(PrivateRegistry? registry) => File.WriteAllText(Path.Combine(DockerConfiguration, "config.json"), registry is null ? "{}" : new JsonObject
    {
        ["auths"] = new JsonObject { [registry.Host] = new JsonObject { ["auth"] = registry.BasicCredentials() } },
    }.ToJsonString());

    // Accounts of our own; the plugins are those of the machine.
    private string OwnDockerConfiguration()
    {
        Directory.CreateDirectory(DockerConfiguration);
        var plugins = Path.Combine(Environment.GetEnvironmentVariable("DOCKER_CONFIG") ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".docker"), "cli-plugins");
        if (Directory.Exists(plugins))
        {
            Directory.CreateSymbolicLink(Path.Combine(DockerConfiguration, "cli-plugins"), plugins);
        }
        return DockerConfiguration;
    }

    private string DockerConfiguration => Path.Combine(work.FullName, "docker");

    internal Task<Outcome> DockerAsync(params string[] arguments) => Programs.RunAsync("docker", arguments, environment);

    internal string DigestOf(string image) => (string)Built.Single(one => (string?)one!["image"] == image)!["digest"]!;

    /// <summary>Lists a version as a build of a changed source would: its revision differs, and so its digest. Nothing is compiled for it.</summary>
    /// <param name="environment">A setting that the image itself brings: "KEY=VALUE"; null for none.</param>
    /// <param name="pages">Other pages over those of the image; null for its own.</param>
    internal void AddVersion(string image, string version, string revision, string prefix = "provost", string? environment = null, PageLayer? pages = null)
    {
        var layout = new OciLayout(Path.Combine(Programs.Root, "artifacts", "images"));
        var manifest = layout.ReadJson(DigestOf(image));
        var configuration = layout.ReadJson((string)manifest["config"]!["digest"]!);
        configuration["config"]!["Labels"]!["org.opencontainers.image.revision"] = $"{prefix}-{version}-{revision}";
        if (environment is not null)
        {
            configuration["config"]!["Env"]!.AsArray().Add(environment);
        }
        var layers = manifest["layers"]!.AsArray().Select(layer => new Blob((string)layer!["digest"]!, (long)layer["size"]!)).ToList();
        if (pages is not null)
        {
            layers.Add(pages.Blob);
            configuration["rootfs"]!["diff_ids"]!.AsArray().Add(pages.Uncompressed);
            configuration["history"]?.AsArray().Add(new JsonObject { ["created_by"] = "other pages" });
        }
        layout.WriteManifest($"{prefix}/{image}:{version}", layout.Write(Encoding.UTF8.GetBytes(configuration.ToJsonString())), layers);
    }

    /// <summary>The frontend's pages, changed.</summary>
    internal Task<PageLayer> PagesAsync(Func<string, Task> change)
    {
        var layout = new OciLayout(Path.Combine(Programs.Root, "artifacts", "images"));
        var layers = layout.ReadJson(DigestOf("frontend"))["layers"]!.AsArray().Select(layer => (string)layer!["digest"]!);
        return PageLayer.WriteAsync(layout, layers, Path.Combine(work.FullName, "pages"), change);
    }

    private string EngineFolder => Path.Combine(work.FullName, "engine");

    internal static string Script(string name) => Path.Combine(Programs.Root, "tests/Containers", name);
}
