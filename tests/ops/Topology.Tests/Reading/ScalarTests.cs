using Provost.Topology.Model;
using Provost.Topology.Reading;

namespace Provost.Topology.Tests.Reading;

public sealed class ScalarTests
{
    [Theory]
    [InlineData("0", 0L)]
    [InlineData("1048576", 1048576L)]
    [InlineData("512MiB", 512L << 20)]
    [InlineData("512Mi", 512L << 20)]
    [InlineData("4 GiB", 4L << 30)]
    public void Sizes_are_read(string text, long bytes)
    {
        Assert.True(ByteSize.TryParse(text, out var size));
        Assert.Equal(bytes, size.Bytes);
    }

    [Theory]
    [InlineData("512MB")]
    [InlineData("-1MiB")]
    [InlineData("1.5GiB")]
    [InlineData("999999999999999999TiB")]
    [InlineData("MiB")]
    [InlineData("")]
    public void What_is_no_size_is_refused(string text) => Assert.False(ByteSize.TryParse(text, out _));

    [Theory]
    [InlineData(512L << 20, "512MiB")]
    [InlineData(1536L << 20, "1536MiB")]
    [InlineData(2L << 30, "2GiB")]
    [InlineData(1000L, "1000")]
    public void Sizes_are_written_in_the_largest_unit_that_loses_nothing(long bytes, string text) => Assert.Equal(text, new ByteSize(bytes).ToString());

    [Theory]
    [InlineData("500ms", 500)]
    [InlineData("20s", 20_000)]
    [InlineData("5m", 300_000)]
    [InlineData("0s", 0)]
    public void Durations_are_read_and_written_back(string text, int milliseconds)
    {
        Assert.True(Duration.TryParse(text, out var span));
        Assert.Equal(milliseconds, span.TotalMilliseconds);
        Assert.Equal(text, Duration.Format(span));
    }

    [Theory]
    [InlineData("20")]
    [InlineData("1.5s")]
    [InlineData("-5s")]
    [InlineData("5 minutes")]
    [InlineData("9999999s")]
    public void What_is_no_duration_is_refused(string text) => Assert.False(Duration.TryParse(text, out _));

    [Theory]
    [InlineData("prot", "port")]
    [InlineData("replica", "replicas")]
    [InlineData("Port", "port")]
    [InlineData("adress", "address")]
    public void The_nearest_word_is_suggested(string typed, string meant) =>
        Assert.Equal(meant, Suggestion.Nearest(typed, ["port", "replicas", "address", "certificate"]));

    [Fact]
    public void Nothing_is_suggested_when_nothing_is_near() => Assert.Null(Suggestion.Nearest("zebra", ["port", "replicas"]));
}
