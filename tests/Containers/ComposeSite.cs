using System.Text.Json.Nodes;
using Provost.Harness;

namespace Provost.Containers.Tests;

/// <summary>A Compose site in a folder of its own: its provost.yaml, its lock file of images, its rendered files.</summary>
internal sealed class ComposeSite : IAsyncDisposable
{
    private const string Override = """
        # The official ClickHouse image cannot be pulled here: the image with the embedded engine takes its place.
        services:
          clickhouse:
            image: provost/stores:0.0.1
            user: "1654:1654"
            command: [clickhouse]
            environment:
              PROVOST_Listen__Http: tcp:0.0.0.0:8123
              PROVOST_Listen__Admin: tcp:0.0.0.0:8081
              PROVOST_Secrets__Directory: /run/secrets
            healthcheck:
              test: [CMD, /app/Provost.Stores, healthcheck]
            volumes:
              - { type: volume, source: clickhouse-data, target: /data }
              - { type: volume, source: secrets-clickhouse, target: /run/secrets, read_only: true, volume: { nocopy: true } }

        """;

    private const string Revision = "story";
    private static readonly string[] Deployed = ["backend", "frontend", "gateway", "agent", "stores", "backup"];

    private readonly BuiltImages images;

    private ComposeSite(BuiltImages images, string folder) => (this.images, Folder) = (images, folder);

    public string Folder { get; }

    private string[] Chosen { get; init; } = [];

    /// <summary>One site of several.</summary>
    public ComposeSite At(string site) => new(images, Folder) { Chosen = ["--site", site] };

    public string Rendered => Path.Combine(Folder, ".provost", "compose");

    private string LockFile => Path.Combine(Folder, "images.lock.json");

    /// <summary>Describes the installation, pushes the images, pulls them by their digests: no container is started yet.</summary>
    /// <param name="name">Of the installation.</param>
    /// <param name="sites">What stands under <c>sites:</c>.</param>
    public static async Task<ComposeSite> PrepareAsync(BuiltImages images, PrivateRegistry registry, string name, string sites)
    {
        var site = new ComposeSite(images, Directory.CreateDirectory(Path.Combine(images.Folder, name)).FullName);
        await File.WriteAllTextAsync(Path.Combine(site.Folder, "provost.yaml"), $"name: {name}\nsites:\n{sites}");
        await site.PushAsync(registry, BuiltImages.Version);
        return site;
    }

    /// <summary>Describes the installation; its registry is the one that its provost.yaml says.</summary>
    public static async Task<ComposeSite> PrepareAsync(BuiltImages images, string name, string sites, string registry)
    {
        var site = new ComposeSite(images, Directory.CreateDirectory(Path.Combine(images.Folder, name)).FullName);
        await File.WriteAllTextAsync(Path.Combine(site.Folder, "provost.yaml"), $"name: {name}\n{registry}sites:\n{sites}");
        return site;
    }

    /// <summary>The lock file names the images as built, in a registry that may not have them.</summary>
    public Task LockAsync(string prefix)
    {
        var locked = Deployed.Select(image => KeyValuePair.Create(image, (JsonNode?)new JsonObject
        {
            ["repository"] = $"{prefix}/{image}",
            ["version"] = BuiltImages.Version,
            ["revision"] = Revision,
            ["digest"] = images.DigestOf(image),
        }));
        return File.WriteAllTextAsync(LockFile, new JsonObject { ["bases"] = new JsonObject(), ["images"] = new JsonObject(locked) }.ToJsonString());
    }

    /// <summary>Pushes to the registry of provost.yaml.</summary>
    public async Task PushAsync() => (await ProvostAsync(["images", "push", .. Deployed, "--release", BuiltImages.Version, "--revision", Revision])).Require();

    /// <summary>The lock file names another release, as after the next build: the same files, with other digests.</summary>
    /// <param name="broken">A setting that keeps the api of that release from starting; null for one that is well.</param>
    /// <param name="pages">The pages of that release; null for those of the images.</param>
    public async Task ReleaseAsync(PrivateRegistry registry, string version, string? broken = null, PageLayer? pages = null)
    {
        foreach (var image in Deployed)
        {
            images.AddVersion(image, version, Revision, environment: image == "backend" ? broken : null, pages: image == "frontend" ? pages : null);
        }
        await PushAsync(registry, version);
    }

    private async Task PushAsync(PrivateRegistry registry, string version)
    {
        (await images.ProvostPlainAsync(["push", .. Deployed, "--release", version, "--revision", Revision, .. registry.Options, "--lock", LockFile])).Require();
        (await images.ProvostPlainAsync(["pull", .. Deployed, .. registry.Options, "--lock", LockFile])).Require();
    }

    public async Task RenderAsync()
    {
        (await ProvostAsync("render", "compose", "-o", Rendered)).Require();
        await File.WriteAllTextAsync(Path.Combine(Rendered, "compose.override.yaml"), Override);
    }

    public Task<Outcome> ProvostAsync(params string[] arguments) => ProvostOnAsync(null, arguments);

    /// <summary>The command is killed when it says something.</summary>
    public Task KillWhenAsync(string said, params string[] arguments) =>
        images.KillWhenAsync(said, Programs.Provost, [.. arguments, "--config", Path.Combine(Folder, "provost.yaml"), .. Chosen]);

    /// <summary>Something happens when the command says something.</summary>
    public Task<Outcome> StrikeWhenAsync(string said, Func<Task> strike, params string[] arguments) =>
        images.StrikeWhenAsync(said, strike, Programs.Provost, [.. arguments, "--config", Path.Combine(Folder, "provost.yaml"), .. Chosen]);

    /// <summary>Has the engine do something to a replica, as soon as it can.</summary>
    /// <param name="verb">Of docker, which the container's id ends.</param>
    public async Task ReplicaAsync(string id, params string[] verb)
    {
        for (var attempts = 0; ; attempts++)
        {
            var found = await images.DockerAsync(
                "ps", "--all", "--quiet", "--filter", $"label=com.docker.compose.project.working_dir={Rendered}", "--filter", $"label=provost.replica={id}", "--filter", "label=com.docker.compose.oneoff=False");
            var done = found.Output.Trim() is { Length: > 0 } container ? await images.DockerAsync([.. verb, container]) : found with { Exit = 1 };
            if (done.Exit == 0)
            {
                return;
            }
            Assert.True(attempts < 300, $"{string.Join(' ', verb)} {id}: {done.Error}");
            await Task.Delay(TimeSpan.FromMilliseconds(200), TestContext.Current.CancellationToken);
        }
    }

    /// <summary>The replica runs on and does nothing any more.</summary>
    public Task HangAsync(string id) => ReplicaAsync(id, "kill", "--signal", "STOP");

    /// <param name="host">The engine; null for ours.</param>
    public Task<Outcome> ProvostOnAsync(string? host, params string[] arguments) =>
        images.RunAsync(Programs.Provost, [.. arguments, "--config", Path.Combine(Folder, "provost.yaml"), .. Chosen], host);

    public Task<Outcome> ComposeAsync(params string[] arguments) => images.RunAsync("docker", ["compose", "--project-directory", Rendered, .. arguments]);

    public async Task HealthyAsync()
    {
        Outcome status;
        var attempts = 0;
        while ((status = await ProvostAsync("status")).Exit != 0)
        {
            Assert.True(attempts++ < 90, $"not healthy: {status.Output}{status.Error}");
            await Task.Delay(TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken);
        }
    }

    public async Task<IReadOnlyDictionary<string, JsonNode>> ReplicasAsync() => JsonNode.Parse((await ProvostAsync("status", "--json")).Output)!["services"]!.AsArray()
        .SelectMany(service => service!["replicas"]!.AsArray()).ToDictionary(replica => (string)replica!["id"]!, replica => replica!);

    /// <summary>Every container with the time of its start: equal when nothing was touched.</summary>
    public async Task<string> ContainersAsync()
    {
        var ids = (await ComposeAsync("ps", "--quiet")).Require().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return (await images.DockerAsync(["inspect", "--format", "{{.Name}} {{.Id}} {{.State.StartedAt}}", .. ids])).Require();
    }

    /// <summary>Every rendered file with its content.</summary>
    public async Task<string> FilesAsync()
    {
        var files = Directory.EnumerateFiles(Rendered, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).ToList();
        Assert.Contains(Path.Combine(Rendered, "compose.yaml"), files);
        return string.Join('\n', await Task.WhenAll(files.Select(async file => $"{file}:\n{await File.ReadAllTextAsync(file)}")));
    }

    /// <param name="authority">Certificate of the site's own authority; null where there is none.</param>
    public async Task<Session> SignInAsync(string user, string role, string course, string? authority = null)
    {
        var added = JsonNode.Parse((await ProvostAsync("user", "add", user, "--role", role, "--course", course, "--json")).Require())!;
        var link = new Uri((string)added["signInUrl"]!);
        var session = new Session(new Uri(link.GetLeftPart(UriPartial.Authority)), authority);
        await session.SignInAsync(link);
        return session;
    }

    /// <summary>The course's id.</summary>
    public async Task<string> ImportAsync(string course, int students)
    {
        var file = Path.Combine(Folder, "gradebook.csv");
        await File.WriteAllTextAsync(file, SeededGradebook.Canvas(students, 10), TestContext.Current.CancellationToken);
        var report = JsonNode.Parse((await ProvostAsync("import", file, "--course", course, "--json")).Require())!;
        Assert.Equal(students, (int)report["students"]!);
        return (string)report["course"]!;
    }

    /// <summary>Changes provost.yaml.</summary>
    public async Task ReplaceAsync(string text, string by)
    {
        var file = Path.Combine(Folder, "provost.yaml");
        await File.WriteAllTextAsync(file, (await File.ReadAllTextAsync(file)).Replace(text, by, StringComparison.Ordinal));
    }

    public async Task<Uri> UrlAsync() => new((string)JsonNode.Parse((await ProvostAsync("status", "--json")).Output)!["urls"]!["web"]!);

    /// <summary>The lock file names an image that no registry has.</summary>
    public async Task LockAnotherDigestAsync(string image)
    {
        var json = JsonNode.Parse(await File.ReadAllTextAsync(LockFile))!;
        json["images"]![image]!["digest"] = "sha256:" + new string('a', 64);
        await File.WriteAllTextAsync(LockFile, json.ToJsonString());
    }

    public async ValueTask DisposeAsync()
    {
        if (Directory.Exists(Rendered))
        {
            await ComposeAsync("down", "--volumes", "--timeout", "10");
        }
    }
}
