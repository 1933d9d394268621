using Provost.Runbooks.Images;
using Provost.Runbooks.Images.Archives;
using Provost.Runbooks.Images.Building;
using Provost.Runbooks.Tools;
using Provost.Topology.Model;

namespace Provost.Runbooks.Tests.Images;

/// <summary>What the engine is asked for; that it really builds is told by the stories.</summary>
public sealed class ImageBuildTests : IDisposable
{
    private const string Runtime = "mcr.microsoft.com/dotnet/aspnet:10.0.12-noble-chiseled";
    private static readonly string Digest = "sha256:" + new string('b', 64);
    private readonly DirectoryInfo root = Directory.CreateTempSubdirectory("provost-build-");

    public ImageBuildTests()
    {
        Directory.CreateDirectory(Path.Combine(root.FullName, "deploy/docker"));
        File.WriteAllText(Path.Combine(root.FullName, "deploy/docker/backend.Dockerfile"), $"ARG RUNTIME_IMAGE={Runtime}\nFROM ${{RUNTIME_IMAGE}}\n");
    }

    public void Dispose() => root.Delete(recursive: true);

    [Fact]
    public async Task A_locked_build_stands_on_the_recorded_digests()
    {
        ImageLock.Empty.WithBase(Runtime, Digest).Write(LockFile);

        await Assert.ThrowsAsync<OperationError>(() => BuildAsync(options => options with { Locked = true }));

        Assert.Contains($"--build-arg RUNTIME_IMAGE={Runtime}@{Digest}", Asked, StringComparison.Ordinal);
        Assert.Contains("--build-arg VERSION=1.2.3 --build-arg REVISION=abc", Asked, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_locked_build_without_a_recorded_digest_is_refused_before_anything_is_built()
    {
        var error = await Assert.ThrowsAsync<OperationError>(() => BuildAsync(options => options with { Locked = true }));

        Assert.Contains("build --pull", error.Remedy, StringComparison.Ordinal);
        Assert.DoesNotContain("build --file", Asked, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pulling_records_the_digest_of_the_base()
    {
        await Assert.ThrowsAsync<OperationError>(() => BuildAsync(options => options with { Pull = true }));

        Assert.Contains($"pull --quiet {Runtime}", Asked, StringComparison.Ordinal);
        Assert.Equal(Digest, ImageLock.Read(LockFile).RequireBase(Runtime));
    }

    [Fact]
    public async Task Pulling_records_the_digests_of_the_stores_that_Compose_sites_run()
    {
        var stores = DeployedImages.OfOthers(new Installation
        {
            Sites = new Dictionary<string, Site>
            {
                ["campus"] = new() { Target = Target.Compose },
                ["desk"] = new(),
                ["small"] = new() { Target = Target.Compose, Stores = new Stores { Redis = new Redis { Server = RedisServer.Embedded, Image = "docker.io/library/redis:0.0.1" } } },
            },
        });

        await Assert.ThrowsAsync<OperationError>(() => BuildAsync(options => options with { Pull = true, Beside = stores }));

        Assert.Equal([new Redis().Image, new ClickHouse().Image], stores);
        Assert.All(stores, store => Assert.Equal(Digest, ImageLock.Read(LockFile).RequireBase(store)));
    }

    [Fact]
    public async Task A_base_that_the_engine_does_not_have_is_pulled_before_the_build_which_may_keep_it_to_itself()
    {
        await Assert.ThrowsAsync<OperationError>(() => BuildAsync(options => options, isBaseThere: false));

        Assert.Contains($"pull --quiet {Runtime}\nbuild --file", Asked, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_base_that_the_engine_has_is_not_asked_for()
    {
        await Assert.ThrowsAsync<OperationError>(() => BuildAsync(options => options));

        Assert.DoesNotContain("pull", Asked, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_image_is_refused_with_the_names_of_those_there_are()
    {
        var error = await Assert.ThrowsAsync<OperationError>(() => BuildAsync(options => options with { Names = ["api"] }));

        Assert.Contains("backend, wasm-builder, frontend", error.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void The_bundle_is_built_before_the_frontend_that_copies_it() =>
        Assert.Equal(["wasm-builder", "frontend"], ImageDefinition.Named(["frontend"]).Select(image => image.Name));

    private string LockFile => Path.Combine(root.FullName, "images.lock.json");

    private string AskedFile => Path.Combine(root.FullName, "asked");

    private string Asked => File.Exists(AskedFile) ? File.ReadAllText(AskedFile) : "";

    private async Task BuildAsync(Func<BuildOptions, BuildOptions> change, bool isBaseThere = true)
    {
        var inspected = isBaseThere ? $$$"""echo '[{"RepoDigests":["mcr.microsoft.com/dotnet/aspnet@{{{Digest}}}"],"RootFS":{"Layers":["{{{Digest}}}"]}}]'""" : "echo 'Error: No such image' >&2; exit 1";
        using var docker = new FakeProgram("docker", $$$"""
            echo "$*" >> '{{{AskedFile}}}'
            case "$1" in
              version) echo '{"Server":{"Version":"20.10.24","ApiVersion":"1.41"}}' ;;
              image) {{{inspected}}} ;;
              build) echo 'this engine builds nothing' >&2; exit 1 ;;
            esac
            """);
        var options = new BuildOptions(root.FullName, "provost", ImageTags.Parse("1.2.3", "abc"), "unknown", DateTimeOffset.UnixEpoch) { Names = ["backend"] };
        var build = new ImageBuild(new DockerEngine(docker.Path), new OciLayout(Path.Combine(root.FullName, "images")), LockFile);
        await build.RunAsync(change(options), _ => { }, TestContext.Current.CancellationToken);
    }
}
