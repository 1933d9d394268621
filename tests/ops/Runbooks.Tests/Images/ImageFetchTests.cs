using System.Text.Json.Nodes;
using Provost.Runbooks.Images;
using Provost.Runbooks.Images.Registries;
using Provost.Runbooks.Tools;

namespace Provost.Runbooks.Tests.Images;

/// <summary>Who is asked for an image that the engine does not have. That it then arrives is told by the stories.</summary>
public sealed class ImageFetchTests : IDisposable
{
    private const string Redis = "docker.io/library/redis:7.4.7";
    private const string Backend = "localhost:1/provost/backend@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("provost-fetch-");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task Nothing_is_pulled_before_the_registry_of_provost_yaml_has_answered()
    {
        var error = await Assert.ThrowsAsync<OperationError>(() => FetchAsync(Registry(), Redis, Backend));

        Assert.Contains("the registry localhost:1 cannot be reached", error.Message, StringComparison.Ordinal);
        Assert.Empty(Pulled());
    }

    [Fact]
    public async Task Images_of_other_registries_are_pulled_as_the_user_is_signed_in()
    {
        await FetchAsync(Registry(), Redis);
        await FetchAsync(null, Backend);
        await FetchAsync(Registry() with { User = null }, Backend);

        Assert.Equal([Redis, Backend, Backend], Pulled());
    }

    [Fact]
    public async Task An_image_of_no_registry_is_refused_before_anything_is_pulled()
    {
        var error = await Assert.ThrowsAsync<OperationError>(() => FetchAsync(null, Redis, "provost/backend:1.2.3"));

        Assert.Contains("provost/backend:1.2.3, and it is in no registry", error.Message, StringComparison.Ordinal);
        Assert.Empty(Pulled());
    }

    [Fact]
    public void The_account_is_in_a_configuration_of_its_own_that_names_the_same_engine_and_goes_away()
    {
        var users = folder.CreateSubdirectory("users");
        users.CreateSubdirectory("contexts");
        File.WriteAllText(Path.Combine(users.FullName, "config.json"), """{"currentContext":"lab","auths":{"other":{}}}""");

        string made;
        using (var account = EngineAccount.Of(Registry(), users.FullName))
        {
            made = account.Settings["DOCKER_CONFIG"];
            var file = Path.Combine(made, "config.json");
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
            var config = JsonNode.Parse(File.ReadAllText(file))!;
            Assert.Equal("lab", (string?)config["currentContext"]);
            Assert.Equal(Convert.ToBase64String("provost:secret"u8), (string?)Assert.Single(config["auths"]!.AsObject()).Value!["auth"]);
            Assert.True(Directory.Exists(Path.Combine(made, "contexts")));
        }
        Assert.False(Directory.Exists(made));
        Assert.True(Directory.Exists(Path.Combine(users.FullName, "contexts")));
    }

    private RegistryAddress Registry()
    {
        var password = Path.Combine(folder.FullName, "password");
        File.WriteAllText(password, "secret\n");
        return RegistryAddress.Of("localhost:1/provost") with { User = "provost", PasswordFile = password };
    }

    private async Task FetchAsync(RegistryAddress? registry, params string[] references)
    {
        using var docker = new FakeProgram("docker", $"""
            case "$1" in
              image) echo 'No such image' >&2; exit 1 ;;
              pull) echo "$3" >> {folder}/pulled ;;
            esac
            """);
        await new ImageFetch(new DockerEngine(docker.Path), registry).RunAsync(references, _ => { }, TestContext.Current.CancellationToken);
    }

    private string[] Pulled() => File.Exists($"{folder}/pulled") ? File.ReadAllLines($"{folder}/pulled") : [];
}
