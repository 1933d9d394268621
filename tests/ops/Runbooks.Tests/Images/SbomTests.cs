using System.Text.Json.Nodes;
using Provost.Runbooks.Images;
using Provost.Runbooks.Images.Sboms;
using static Provost.Runbooks.Tests.Images.MadeImage;

namespace Provost.Runbooks.Tests.Images;

public sealed class SbomTests
{
    [Fact]
    public async Task Every_package_and_every_file_of_the_build_is_in_it_and_nothing_else()
    {
        using var image = Made();

        var bom = await BomAsync(image);

        Assert.Equal(
            [
                "file:app/Provost.Api", "file:app/Provost.Api.deps.json", "file:bundle/packages.json", "file:bundle/wwwroot/index.html",
                "pkg:deb/debian/libc6@2.36-9%2Bdeb12u10?arch=amd64&distro=debian-12", "pkg:deb/debian/libssl3@3.0.17?arch=amd64&distro=debian-12",
                "pkg:generic/Provost.Api@1.2.3", "pkg:npm/%40chdb/lib@26.7.3", "pkg:nuget/MudBlazor@9.12.0", "pkg:nuget/StackExchange.Redis@2.13.23",
            ],
            bom["components"]!.AsArray().Select(component => (string)component!["bom-ref"]!));
    }

    [Fact]
    public async Task Hashes_are_those_of_the_files_in_the_image()
    {
        using var image = Made();
        var files = (await image.ContentsAsync()).Files;

        var components = (await BomAsync(image))["components"]!.AsArray().SelectMany(component => component!["components"]?.AsArray().ToList() ?? new List<JsonNode?> { component }).ToList();

        Assert.Contains(components, component => (string?)component!["name"] == "app/StackExchange.Redis.dll");
        Assert.All(components.Where(component => component!["hashes"] is not null), component =>
            Assert.Equal(files[(string)component!["name"]!].Sha256, (string?)component["hashes"]![0]!["content"]));
    }

    [Fact]
    public async Task The_same_image_gives_the_same_bytes_and_another_image_another_serial_number()
    {
        using var first = Made();
        using var second = Made();
        using var other = Made().Layer(File_("app/more", "x"));

        var text = await TextAsync(first);

        Assert.Equal(text, await TextAsync(second));
        Assert.NotEqual((string?)JsonNode.Parse(text)!["serialNumber"], (string?)JsonNode.Parse(await TextAsync(other))!["serialNumber"]);
        Assert.Equal("1.6", (string?)JsonNode.Parse(text)!["specVersion"]);
    }

    [Fact]
    public async Task A_package_that_was_removed_is_not_in_it()
    {
        using var image = Made().Layer(File_("app/.wh.StackExchange.Redis.dll", ""));

        Assert.DoesNotContain((await BomAsync(image))["components"]!.AsArray(), component => ((string)component!["bom-ref"]!).Contains("StackExchange", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Of_an_image_that_was_built_here_every_file_above_the_base_is_in_it_and_none_of_the_base_alone()
    {
        using var image = new MadeImage()
            .Layer(File_("usr/lib/os-release", "ID=debian"), File_("usr/local/bin/of-base", "b"), File_("etc/passwd", "root"))
            .Layer(
                File_("etc/passwd", "app"), File_("release/Api/settings.json", "{}"), File_("usr/local/lib/libx.so", "x"), File_("usr/local/bin/redis-server", "elf", 0x1ED),
                File_("usr/local/share/components/redis-server.json", """{"name":"redis-server","version":"7.4.6","files":["usr/local/bin/redis-server"]}"""),
                File_("release/Web/packages.json", """{"projects":[{"frameworks":[{"transitivePackages":[{"id":"MudBlazor","resolvedVersion":"9.12.0"}]}]}]}"""));
        image.Config["history"] = new System.Text.Json.Nodes.JsonArray(
            new JsonObject { ["created_by"] = "the base image" }, new JsonObject { ["created_by"] = "provost images build" });

        var bom = await BomAsync(image);

        Assert.Equal(
            [
                "file:etc/passwd", "file:release/Api/settings.json", "file:release/Web/packages.json", "file:usr/local/lib/libx.so", "file:usr/local/share/components/redis-server.json",
                "pkg:generic/redis-server@7.4.6", "pkg:nuget/MudBlazor@9.12.0",
            ],
            bom["components"]!.AsArray().Select(component => (string)component!["bom-ref"]!));
    }

    private static MadeImage Made() => new MadeImage()
        .Layer(
            File_("usr/lib/os-release", "ID=debian\nVERSION_ID=\"12\"\n"), Link("etc/os-release", "../usr/lib/os-release"), File_("usr/lib/x86_64-linux-gnu/libc.so.6", "c"),
            File_("var/lib/dpkg/status", "Package: libc6\nStatus: install ok installed\nArchitecture: amd64\nSource: glibc\nVersion: 2.36-9+deb12u10\n\nPackage: gone\nStatus: deinstall ok config-files\nVersion: 1\n"),
            File_("var/lib/dpkg/status.d/libssl3", "Package: libssl3\nArchitecture: amd64\nVersion: 3.0.17\n"))
        .Layer(
            File_("app/Provost.Api", "elf", 0x1ED), File_("app/Provost.Api.dll", "a"), File_("app/StackExchange.Redis.dll", "r"),
            File_("app/Provost.Api.deps.json", """
                {"targets":{".NETCoreApp,Version=v10.0":{
                  "Provost.Api/1.2.3":{"runtime":{"Provost.Api.dll":{}}},
                  "StackExchange.Redis/2.13.23":{"runtime":{"lib/net10.0/StackExchange.Redis.dll":{}}},
                  "MinVer/8.0.0":{}}},
                 "libraries":{"Provost.Api/1.2.3":{"type":"project"},"StackExchange.Redis/2.13.23":{"type":"package"},"MinVer/8.0.0":{"type":"package"}}}
                """),
            File_("engine/package.json", """{"name":"@chdb/lib","version":"26.7.3"}"""), File_("engine/libchdb.so", "so"),
            File_("bundle/wwwroot/index.html", "<html>"),
            File_("bundle/packages.json", """{"projects":[{"frameworks":[{"topLevelPackages":[{"id":"MudBlazor","requestedVersion":"9.0.0","resolvedVersion":"9.12.0"}]}]}]}"""));

    private static Task<string> TextAsync(MadeImage image) =>
        ImageSbom.RunAsync(new ImageSource("backend", null, (_, _) => Task.FromResult(image.Saved())), "1.2.3", TestContext.Current.CancellationToken);

    private static async Task<JsonNode> BomAsync(MadeImage image) => JsonNode.Parse(await TextAsync(image))!;
}
