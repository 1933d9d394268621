using Provost.Web.Live;

namespace Provost.Web.Tests.Live;

public sealed class ReconnectDelaysTests
{
    [Fact]
    public void Grow_to_half_a_minute_with_jitter_and_never_give_up()
    {
        var delays = new ReconnectDelays(new Random(1));

        Assert.InRange(delays.After(0).TotalSeconds, 0.25, 0.75);
        Assert.InRange(delays.After(3).TotalSeconds, 2, 6);
        Assert.InRange(delays.After(1_000_000).TotalSeconds, 15, 45);
    }

    [Fact]
    public void After_a_farewell_pages_spread_over_the_time_that_was_asked_for()
    {
        var delays = new ReconnectDelays(new Random(1));

        var waits = Enumerable.Range(0, 200).Select(_ => delays.Within(4000).TotalSeconds).ToArray();

        Assert.All(waits, wait => Assert.InRange(wait, 0, 4));
        Assert.All(Enumerable.Range(0, 4), second => Assert.Contains(waits, wait => (int)wait == second));
    }
}
