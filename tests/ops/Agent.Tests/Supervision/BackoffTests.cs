using Provost.Agent.Supervision;

namespace Provost.Agent.Tests.Supervision;

public sealed class BackoffTests
{
    [Fact]
    public void The_first_restart_is_immediate_and_the_next_ones_wait_twice_as_long_each()
    {
        var backoff = new Backoff();

        double[] seconds = [.. Enumerable.Range(0, 10).Select(_ => backoff.AfterEnd(null).TotalSeconds)];

        Assert.Equal([0, 0.5, 1, 2, 4, 8, 16, 30, 30, 30], seconds);
        Assert.True(backoff.IsCrashLoop);
    }

    [Fact]
    public void A_replica_that_served_for_a_while_starts_from_none_again()
    {
        var backoff = new Backoff();
        backoff.AfterEnd(null);
        backoff.AfterEnd(null);
        backoff.AfterEnd(null);

        Assert.Equal(TimeSpan.Zero, backoff.AfterEnd(TimeSpan.FromMinutes(1)));
        Assert.False(backoff.IsCrashLoop);
        Assert.Equal(TimeSpan.Zero, backoff.AfterEnd(TimeSpan.FromMinutes(1)));
    }
}
