using Provost.Runbooks.Images.Archives;
using static Provost.Runbooks.Tests.Images.MadeImage;

namespace Provost.Runbooks.Tests.Images;

public sealed class ImageContentsTests
{
    [Fact]
    public async Task An_upper_layer_replaces_and_deletes_files_of_lower_ones()
    {
        using var image = new MadeImage()
            .Layer(File_("./etc/a", "1"), File_("etc/b", "1"), File_("var/x/c", "1"), File_("var/y/d", "1"))
            .Layer(File_("etc/a", "2"), File_("etc/.wh.b", ""), File_("var/.wh.x", ""), File_("var/y/.wh..wh..opq", ""), File_("var/y/e", "1"));

        var contents = await image.ContentsAsync();

        Assert.Equal(["etc/a", "var/y/e"], contents.Files.Keys);
        Assert.Equal("2", System.Text.Encoding.UTF8.GetString(contents.Files["etc/a"].Content!));
    }

    [Fact]
    public async Task What_an_upper_layer_deletes_is_inspected_all_the_same()
    {
        using var image = new MadeImage().Layer(File_("app/id_rsa", "x")).Layer(File_("app/.wh.id_rsa", ""));
        List<string> seen = [];

        var contents = await image.ContentsAsync((file, _) => seen.Add(file.Path));

        Assert.Contains("app/id_rsa", seen);
        Assert.Empty(contents.Files);
    }

    [Fact]
    public async Task Links_are_followed_and_circles_end()
    {
        using var image = new MadeImage().Layer(File_("usr/lib/os-release", "ID=debian"), Link("etc/os-release", "../usr/lib/os-release"), Link("a", "b"), Link("b", "a"));

        var contents = await image.ContentsAsync();

        Assert.Equal("usr/lib/os-release", contents.Find("etc/os-release")?.Path);
        Assert.Null(contents.Find("a"));
    }

    [Fact]
    public async Task Hashes_are_those_of_the_content()
    {
        using var image = new MadeImage().Layer(File_("a", "hello"), File_("empty", ""));

        var contents = await image.ContentsAsync();

        Assert.Equal("2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824", contents.Files["a"].Sha256);
        Assert.Equal("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", contents.Files["empty"].Sha256);
    }

    [Fact]
    public async Task Large_files_are_inspected_to_their_end_in_windows_that_overlap_and_hashed_as_a_whole()
    {
        var text = new string('x', (4 << 20) - 6) + "across the border" + new string('y', 5 << 20);
        using var image = new MadeImage().Layer(File_("large", text));
        List<string> seen = [];

        var contents = await ImageContents.ReadAsync(image.Saved(), _ => false, (_, window) => seen.Add(System.Text.Encoding.UTF8.GetString(window.Span)), TestContext.Current.CancellationToken);

        Assert.Equal(3, seen.Count);
        Assert.Contains(seen, window => window.Contains("across the border", StringComparison.Ordinal));
        Assert.EndsWith("y", seen[^1], StringComparison.Ordinal);
        Assert.Equal(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(text))), contents.Files["large"].Sha256);
    }
}
