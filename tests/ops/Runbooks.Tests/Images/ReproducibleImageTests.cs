using System.Formats.Tar;
using System.Text;
using System.Text.Json.Nodes;
using Provost.Runbooks.Images.Archives;

namespace Provost.Runbooks.Tests.Images;

public sealed class ReproducibleImageTests
{
    private static readonly DateTimeOffset Commit = new(2026, 3, 4, 5, 6, 7, TimeSpan.Zero);

    [Fact]
    public async Task The_same_files_built_at_another_time_by_another_builder_give_the_same_bytes()
    {
        using var first = Make(new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        using var second = Make(new(2027, 2, 3, 4, 5, 6, TimeSpan.Zero));
        second.Config["created"] = "2027-02-03T04:05:06Z";
        second.Config["docker_version"] = "28.2";
        second.Config["moby.buildkit.buildinfo.v1"] = "e30=";
        second.Config["config"]!["OnBuild"] = null;
        second.Config["config"]!["Cmd"] = new JsonArray();

        var (config, layers) = await MakeAsync(first);
        var (again, layersAgain) = await MakeAsync(second);

        Assert.Equal(Encoding.UTF8.GetString(config), Encoding.UTF8.GetString(again));
        Assert.Equal(layers.Select(layer => layer.Digest), layersAgain.Select(layer => layer.Digest));
        Assert.NotEqual(first.Saved().LayerDigests, second.Saved().LayerDigests);
    }

    [Theory]
    [InlineData("content")]
    [InlineData("mode")]
    [InlineData("variable")]
    public async Task Another_content_mode_or_variable_gives_another_digest(string change)
    {
        using var first = Make(Commit);
        using var second = change switch
        {
            "content" => Make(Commit, content: "b"),
            "mode" => Make(Commit, mode: 0x1ED),
            _ => Make(Commit),
        };
        if (change == "variable")
        {
            second.Config["config"]!["Env"]!.AsArray().Add("A=1");
        }

        Assert.NotEqual(OciLayout.Digest((await MakeAsync(first)).Config), OciLayout.Digest((await MakeAsync(second)).Config));
    }

    [Fact]
    public async Task Files_owners_links_and_long_names_survive_and_times_become_the_commits()
    {
        var longName = "app/" + string.Join('/', Enumerable.Repeat("a-rather-long-directory-name", 8)) + "/naïve.txt";
        using var image = new MadeImage().Layer(
            new PaxTarEntry(TarEntryType.RegularFile, longName) { DataStream = new MemoryStream("hello"u8.ToArray()), Uid = 1654, Gid = 1655, Mode = (UnixFileMode)0x1A4 },
            MadeImage.Link("app/link", longName));

        var (_, layers) = await MakeAsync(image, baseLayers: 0);

        await using var reader = new TarReader(layers[0].Open());
        var file = (await reader.GetNextEntryAsync(copyData: true, TestContext.Current.CancellationToken))!;
        var link = (await reader.GetNextEntryAsync(copyData: true, TestContext.Current.CancellationToken))!;
        Assert.Equal((longName, 1654, 1655, Commit), (file.Name, file.Uid, file.Gid, file.ModificationTime));
        Assert.Equal("hello", await new StreamReader(file.DataStream!).ReadToEndAsync(TestContext.Current.CancellationToken));
        Assert.Equal((TarEntryType.SymbolicLink, longName), (link.EntryType, link.LinkName));
    }

    [Fact]
    public async Task Layers_of_the_base_are_left_alone()
    {
        using var image = Make(Commit);

        var (_, layers) = await MakeAsync(image);

        Assert.Equal(image.Saved().LayerDigests[0], layers[0].Digest);
        Assert.NotEqual(image.Saved().LayerDigests[1], layers[1].Digest);
    }

    [Fact]
    public async Task What_was_written_for_docker_load_is_read_back_the_same()
    {
        using var image = Make(Commit);
        var (config, layers) = await MakeAsync(image);
        using var archive = new MemoryStream();
        await DockerArchive.WriteAsync(archive, config, layers, ["provost/x:1.2.3"], TestContext.Current.CancellationToken);
        archive.Position = 0;

        var read = await SavedImage.UnpackAsync(archive, Directory.CreateDirectory(Path.Combine(image.Folder, "read")).FullName, TestContext.Current.CancellationToken);

        Assert.Equal(config, read.Configuration.ToArray());
        Assert.Equal(layers.Select(layer => layer.Digest), read.LayerDigests);
    }

    private static MadeImage Make(DateTimeOffset time, string content = "a", int mode = 0x1A4) => new MadeImage()
        .Layer(MadeImage.File_("usr/lib/libc.so", "c"))
        .LayerAt(time, MadeImage.Directory_("app"), MadeImage.File_("app/a.dll", content, mode));

    private static Task<(byte[] Config, IReadOnlyList<Layer> Layers)> MakeAsync(MadeImage image, int baseLayers = 1)
    {
        var saved = image.Saved();
        return ReproducibleImage.MakeAsync(saved, [.. saved.LayerDigests.Take(baseLayers)], Commit, image.Folder, TestContext.Current.CancellationToken);
    }
}
