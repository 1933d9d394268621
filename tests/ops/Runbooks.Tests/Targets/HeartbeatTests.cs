using Microsoft.Extensions.Time.Testing;
using Provost.Runbooks.Targets.Compose;

namespace Provost.Runbooks.Tests.Targets;

public sealed class HeartbeatTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("provost-heartbeat-");
    private readonly FakeTimeProvider time = new(new DateTimeOffset(2026, 6, 1, 0, 0, 0, TimeSpan.Zero));

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public void A_schedule_is_alive_until_the_moment_by_which_it_was_to_say_so_again()
    {
        var heartbeat = new Heartbeat(Path.Combine(folder.FullName, "beat"), time);
        Assert.NotNull(heartbeat.Problem());

        heartbeat.Expect(TimeSpan.FromMinutes(6));
        time.Advance(TimeSpan.FromMinutes(5));
        Assert.Null(heartbeat.Problem());

        time.Advance(TimeSpan.FromMinutes(2));
        Assert.Contains("did not", heartbeat.Problem(), StringComparison.Ordinal);

        heartbeat.Expect(TimeSpan.FromHours(12));
        time.Advance(TimeSpan.FromHours(11));
        Assert.Null(heartbeat.Problem());
    }

    [Theory]
    [InlineData("")]
    [InlineData("never")]
    public void What_cannot_be_read_is_no_sign_of_life(string text)
    {
        var file = Path.Combine(folder.FullName, "beat");
        File.WriteAllText(file, text);

        Assert.NotNull(new Heartbeat(file, time).Problem());
    }
}
