using Provost.Runbooks.Targets.Compose;
using Provost.Topology.Model;

namespace Provost.Runbooks.Tests.Targets;

public sealed class DestinationAccessTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("provost-destination-");

    public void Dispose() => folder.Delete(recursive: true);

    [Theory]
    [InlineData(UnixFileMode.UserWrite, 0, 0, false)]
    [InlineData(UnixFileMode.UserWrite, 1654, 0, true)]
    [InlineData(UnixFileMode.GroupWrite, 0, 1654, true)]
    [InlineData(UnixFileMode.OtherWrite, 0, 0, true)]
    public void The_user_of_the_container_must_be_able_to_write(UnixFileMode mode, uint user, uint group, bool may) => Assert.Equal(may, DestinationAccess.MayWrite(mode, (user, group)));

    [Fact]
    public void A_directory_of_somebody_else_is_refused_with_what_to_type()
    {
        File.SetUnixFileMode(folder.FullName, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

        var error = Assert.Throws<OperationError>(() => DestinationAccess.Require(Site(folder.FullName)));

        Assert.Contains($"chown 1654 {folder.FullName}", error.Remedy, StringComparison.Ordinal);
        File.SetUnixFileMode(folder.FullName, UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute);
        DestinationAccess.Require(Site(folder.FullName));
    }

    [Fact]
    public void A_directory_that_is_not_there_is_named() =>
        Assert.Contains("/nowhere/backups", Assert.Throws<OperationError>(() => DestinationAccess.Require(Site("/nowhere/backups"))).Message, StringComparison.Ordinal);

    [Fact]
    public void A_repository_that_the_container_could_not_read_is_refused_before_anything_is_stopped()
    {
        File.SetUnixFileMode(folder.FullName, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

        var error = Assert.Throws<OperationError>(() => DestinationAccess.RequireReadable(folder.FullName));

        Assert.Contains($"chown -R 1654 {folder.FullName}", error.Remedy, StringComparison.Ordinal);
        File.SetUnixFileMode(folder.FullName, UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
        DestinationAccess.RequireReadable(folder.FullName);
        Assert.Contains("backup login", Assert.Throws<OperationError>(() => DestinationAccess.RequireReadable("s3://bucket/prefix")).Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void A_volume_belongs_to_the_container() => DestinationAccess.Require(new Site());

    private static Site Site(string directory) => new() { Backup = new Backup { Destinations = new Dictionary<string, Destination> { ["disk"] = new() { Directory = directory } } } };
}
