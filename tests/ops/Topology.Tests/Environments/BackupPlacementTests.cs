using Provost.Topology.Environments;

namespace Provost.Topology.Tests.Environments;

public sealed class BackupPlacementTests
{
    [Theory]
    [InlineData(null)]
    [InlineData("/stores/redis")]
    public void What_is_written_into_an_environment_is_read_from_it(string? data)
    {
        var placement = new BackupPlacement("1.2.3+abc", "redis:6379", data, "http://clickhouse:8123", ["http://api-1:8080", "http://api-2:8080"]);

        var read = BackupPlacement.Read(key => placement.Environment().GetValueOrDefault(key));

        Assert.Equal(placement with { Platform = [] }, read! with { Platform = [] });
        Assert.Equal(placement.Platform, read!.Platform);
    }

    [Fact]
    public void Outside_of_its_container_there_is_none() => Assert.Null(BackupPlacement.Read(_ => null));
}
