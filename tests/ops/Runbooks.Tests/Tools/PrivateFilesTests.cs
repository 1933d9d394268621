using Provost.Runbooks.Tools;

namespace Provost.Runbooks.Tests.Tools;

public sealed class PrivateFilesTests
{
    [Fact]
    public void A_file_is_replaced_whole_and_only_its_owner_reads_it()
    {
        using var temporary = new TemporaryState();
        var file = Path.Combine(temporary.State.Root, "secret");
        File.WriteAllText(file, "an older and longer content that anybody may read");

        PrivateFiles.Write(file, "new"u8);

        Assert.Equal("new", File.ReadAllText(file));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        Assert.DoesNotContain(Directory.GetFiles(temporary.State.Root), f => f.EndsWith(".new", StringComparison.Ordinal));
    }

    [Fact]
    public void A_command_prints_as_it_would_be_typed() =>
        Assert.Equal("dotnet publish 'a b' 'it'\\''s' -p:X=1", new Command("dotnet", ["publish", "a b", "it's", "-p:X=1"]).ToString());
}
