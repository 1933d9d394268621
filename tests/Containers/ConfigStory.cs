namespace Provost.Containers.Tests;

/// <summary>Compose itself accepts what is rendered, of every kind of site.</summary>
[Collection(BuiltImages.Turns)]
public sealed class ConfigStory(BuiltImages images)
{
    [Theory]
    [InlineData("")]
    [InlineData("    http: { port: 9000 }\n    services: { api: { replicas: 3 } }\n")]
    [InlineData("    domain: insights.example.edu\n")]
    [InlineData("    domain: insights.example.edu\n    https: { certificate: chain.pem, key: key.pem }\n")]
    [InlineData("    stores: { redis: { server: embedded }, clickHouse: { server: embedded } }\n")]
    public async Task Docker_compose_config_passes(string settings)
    {
        images.Require();
        var folder = Directory.CreateTempSubdirectory("provost-config-").FullName;
        var description = Path.Combine(folder, "provost.yaml");
        await File.WriteAllTextAsync(description, $"name: north\nsites:\n  campus:\n    target: compose\n{settings}", TestContext.Current.CancellationToken);

        foreach (var flavour in new string[][] { [], ["--development"] })
        {
            var rendered = Path.Combine(folder, "rendered" + flavour.Length);
            (await images.RunAsync(Programs.Provost, ["render", "compose", "-o", rendered, "--config", description, .. flavour])).Require();

            var checkedFiles = await images.RunAsync("docker", ["compose", "--project-directory", rendered, "config"]);

            Assert.Equal((0, ""), (checkedFiles.Exit, checkedFiles.Error.Trim()));
            Assert.Contains("api-2:", checkedFiles.Output, StringComparison.Ordinal);
        }
        Directory.Delete(folder, recursive: true);
    }
}
