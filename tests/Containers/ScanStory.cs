using System.Formats.Tar;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Provost.Runbooks.Images;
using Provost.Runbooks.Images.Building;

namespace Provost.Containers.Tests;

/// <summary>The scan passes what we build and catches what was tampered with, one test per kind.</summary>
[Collection(BuiltImages.Turns)]
public sealed class ScanStory(BuiltImages images)
{
    // The engine makes them for each container.
    private static readonly string[] OfContainers = [".dockerenv", "dev/console", "etc/hosts", "etc/hostname", "etc/resolv.conf"];

    [Fact]
    public async Task What_we_build_is_within_policy_when_every_advisory_is_at_hand()
    {
        images.Require();

        var (outcome, report) = await ScanAsync(Advisories("none"), ["--release", BuiltImages.Version]);

        Assert.Empty(report["incomplete"]!.AsArray());
        Assert.All(report["findings"]!.AsArray(), finding => Assert.Equal("low", (string?)finding!["severity"]));
        Assert.Equal(0, outcome.Exit);
    }

    [Fact]
    public async Task A_known_vulnerable_package_is_caught()
    {
        images.Require();
        var advisories = Advisories("known", """[{"id":"GHSA-test","affected":[{"package":{"ecosystem":"NuGet","name":"Yarp.ReverseProxy"},"ranges":[{"type":"ECOSYSTEM","events":[{"introduced":"0"},{"fixed":"99.0.0"}]}]}],"database_specific":{"severity":"HIGH"}}]""");

        var (outcome, report) = await ScanAsync(advisories, ["gateway", "--release", BuiltImages.Version]);

        Assert.Contains(report["findings"]!.AsArray(), finding => (string?)finding!["rule"] == "GHSA-test" && ((string)finding["subject"]!).StartsWith("Yarp.ReverseProxy 2.", StringComparison.Ordinal));
        Assert.Equal(1, outcome.Exit);
    }

    [Fact]
    public async Task Without_advisories_the_scan_does_not_pass()
    {
        images.Require();
        var empty = Directory.CreateDirectory(Path.Combine(images.Folder, "no-advisories")).FullName;

        var (outcome, report) = await ScanAsync(empty, ["gateway", "--release", BuiltImages.Version]);

        Assert.Contains(report["incomplete"]!.AsArray(), one => ((string)one!["check"]!).EndsWith("advisories", StringComparison.Ordinal));
        Assert.NotEqual(0, outcome.Exit);
    }

    [Theory]
    [InlineData("secret-in-layer", "COPY tls.pem /app/tls.pem\n")]
    [InlineData("secret-in-environment", "ENV Redis__Password=hunter2\n")]
    [InlineData("root-user", "USER 0\n")]
    [InlineData("unpinned-base", "LABEL org.opencontainers.image.base.name=mcr.microsoft.com/dotnet/aspnet:10.0\n")]
    [InlineData("setuid-file", "ADD su.tar /app/\n")]
    public async Task Tampering_is_caught(string rule, string line)
    {
        images.Require();
        var name = $"provost-tampered/{rule}:{BuiltImages.Version}";
        var context = Directory.CreateTempSubdirectory("provost-tampered-").FullName;
        await File.WriteAllTextAsync(Path.Combine(context, "Dockerfile"), $"FROM provost/backend:{BuiltImages.Version}\n{line}", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(context, "tls.pem"), "-----BEGIN " + "PRIVATE KEY-----\n" + new string('A', 64) + "\n-----END", TestContext.Current.CancellationToken);
        WriteSetuid(Path.Combine(context, "su.tar"));
        (await images.DockerAsync("build", "--tag", name, context)).Require();

        var (outcome, report) = await ScanAsync(Advisories("none"), [name]);

        Assert.Contains(report["findings"]!.AsArray(), finding => (string?)finding!["rule"] == rule);
        Assert.Equal(1, outcome.Exit);
        Directory.Delete(context, recursive: true);
    }

    public static TheoryData<string> Images => [.. ImageDefinition.All.Select(image => image.Name)];

    [Theory, MemberData(nameof(Images))]
    public async Task The_bill_of_materials_names_every_file_above_the_base_with_its_hash_and_nothing_that_is_not_there(string image)
    {
        images.Require();
        var folder = Path.Combine(images.Folder, "sbom");

        (await images.ProvostPlainAsync("sbom", image, "--release", BuiltImages.Version, "--output", folder)).Require();

        var bom = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(folder, $"{image}.cdx.json"), TestContext.Current.CancellationToken))!;
        var named = bom["components"]!.AsArray().SelectMany(one => one!["components"]?.AsArray().ToList() ?? new List<JsonNode?> { one })
            .Where(one => (string?)one!["type"] == "file").DistinctBy(one => (string)one!["name"]!).ToDictionary(one => (string)one!["name"]!, one => (string)one!["hashes"]![0]!["content"]!);
        var there = await FilesAsync($"provost/{image}:{BuiltImages.Version}");
        var below = image == "wasm-builder" ? [] : await FilesAsync(ImageBuild.Bases(Path.Combine(Programs.Root, "deploy/docker", $"{image}.Dockerfile"))["RUNTIME_IMAGE"]);
        Assert.Empty(there.Except(below).Except(named));
        Assert.Empty(named.Except(there));
        Assert.All(Expected(image), package => Assert.Contains(bom["components"]!.AsArray(), one => ((string?)one!["purl"])?.StartsWith(package, StringComparison.Ordinal) == true));
    }

    private static string[] Expected(string image) => image switch
    {
        "wasm-builder" => ["pkg:nuget/MudBlazor@"],
        "frontend" => ["pkg:deb/", "pkg:nuget/MudBlazor@", "pkg:nuget/Microsoft.NETCore.App.Runtime"],
        "stores" => ["pkg:deb/", "pkg:npm/%40chdb/"],
        "backup" => ["pkg:deb/", "pkg:npm/%40chdb/", "pkg:nuget/MudBlazor@", "pkg:generic/redis-server@"],
        _ => ["pkg:deb/", "pkg:nuget/Microsoft.NETCore.App.Runtime"],
    };

    // In an archive: the docker command of some versions takes the bit from files of the folder that it sends.
    private static void WriteSetuid(string path)
    {
        using var writer = new TarWriter(File.Create(path));
        writer.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, "su") { Mode = UnixFileMode.SetUser | UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.OtherExecute, DataStream = new MemoryStream("x"u8.ToArray()) });
    }

    /// <summary>What the engine itself says is in the image, by exporting a container of it: hashes by path.</summary>
    private async Task<Dictionary<string, string>> FilesAsync(string image)
    {
        var container = (await images.DockerAsync("create", image, "nothing")).Require().Trim();
        var archive = Path.Combine(images.Folder, "export.tar");
        (await images.DockerAsync("export", "--output", archive, container)).Require();
        (await images.DockerAsync("rm", container)).Require();
        Dictionary<string, string> files = [];
        await using (var reader = new TarReader(File.OpenRead(archive)))
        {
            while (await reader.GetNextEntryAsync(copyData: false, TestContext.Current.CancellationToken) is { } entry)
            {
                if (entry.EntryType is TarEntryType.RegularFile && !OfContainers.Contains(entry.Name))
                {
                    files[entry.Name] = Convert.ToHexStringLower(await SHA256.HashDataAsync(entry.DataStream ?? Stream.Null, TestContext.Current.CancellationToken));
                }
                else if (entry.EntryType is TarEntryType.HardLink)
                {
                    files[entry.Name] = files[entry.LinkName];
                }
            }
        }
        File.Delete(archive);
        Assert.NotEmpty(files);
        return files;
    }

    private async Task<(Outcome Outcome, JsonNode Report)> ScanAsync(string advisories, string[] arguments)
    {
        var outcome = await images.ProvostPlainAsync(["scan", .. arguments, "--advisories", advisories, "--json"]);
        return (outcome, JsonNode.Parse(outcome.Output) ?? throw new InvalidOperationException(outcome.Error));
    }

    private string Advisories(string name, string nuget = "[]")
    {
        var folder = Directory.CreateDirectory(Path.Combine(images.Folder, $"advisories-{name}")).FullName;
        foreach (var (ecosystem, text) in new[] { ("NuGet", nuget), ("npm", "[]"), ("Debian", "[]"), ("Ubuntu", "[]") })
        {
            File.WriteAllText(Path.Combine(folder, $"{ecosystem}.json"), text);
        }
        return folder;
    }
}
