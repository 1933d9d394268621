using Provost.Rendering.Trees;
using Provost.Runbooks.Trees;

namespace Provost.Runbooks.Tests.Trees;

public sealed class TreeFolderTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("provost-tree-");

    private TreeFolder Folder => new(folder.FullName);

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public void Writes_everything_and_the_second_time_nothing()
    {
        var first = Folder.Write(Tree("one"));
        var second = Folder.Write(Tree("one"));

        Assert.Equal(["below/b.conf", "a.yaml", "yours.yaml"], first.Written);
        Assert.Empty(second.Written);
        Assert.Equal(["yours.yaml"], second.Kept);
        Assert.Equal("one", Read("a.yaml"));
    }

    [Fact]
    public void What_is_yours_is_never_written_again()
    {
        Folder.Write(Tree("one"));
        File.WriteAllText(PathOf("yours.yaml"), "mine");

        Folder.Write(Tree("two"));

        Assert.Equal("mine", Read("yours.yaml"));
        Assert.Equal("two", Read("a.yaml"));
    }

    [Fact]
    public void A_file_that_was_there_before_is_refused_and_nothing_is_written()
    {
        File.WriteAllText(PathOf("a.yaml"), "somebody else's");

        var refused = Assert.Throws<OperationError>(() => Folder.Write(Tree("one")));

        Assert.Equal(ErrorKind.Refused, refused.Kind);
        Assert.Equal(["a.yaml"], refused.Details);
        Assert.Equal("somebody else's", Read("a.yaml"));
        Assert.False(File.Exists(PathOf("below/b.conf")));
    }

    [Fact]
    public void A_file_that_was_changed_by_hand_is_refused()
    {
        Folder.Write(Tree("one"));
        File.WriteAllText(PathOf("a.yaml"), "changed");

        Assert.Equal(["a.yaml"], Assert.Throws<OperationError>(() => Folder.Write(Tree("two"))).Details);
        Assert.Equal("one", Read("below/b.conf"));
    }

    [Fact]
    public void What_is_no_longer_rendered_is_removed_unless_it_was_changed()
    {
        Folder.Write(Tree("one"));

        var change = Folder.Write(new RenderedTree([new RenderedFile("a.yaml", "one")]));

        Assert.Equal(["below/b.conf"], change.Removed);
        Assert.True(File.Exists(PathOf("yours.yaml")));
    }

    [Fact]
    public void A_folder_that_may_not_be_written_says_so()
    {
        File.WriteAllText(PathOf("below"), "a file where a folder must be");

        var error = Assert.Throws<OperationError>(() => Folder.Write(Tree("one")));

        Assert.Equal(ErrorKind.Machine, error.Kind);
        Assert.Contains("below", error.Message, StringComparison.Ordinal);
    }

    private static RenderedTree Tree(string text) => new([new("below/b.conf", text), new("a.yaml", text), new("yours.yaml", text, IsYours: true)]);

    private string PathOf(string path) => Path.Combine(folder.FullName, path);

    private string Read(string path) => File.ReadAllText(PathOf(path));
}
