using Provost.Runbooks.Tools;

namespace Provost.Runbooks.Tests.Tools;

/// <summary>Priorities as the kernel has them. Who is not allowed to come back keeps its turn.</summary>
public sealed class CourtesyTests
{
    [Fact]
    public void Others_go_first_but_for_the_time_when_they_wait_for_this_process()
    {
        var own = Nice();
        var courtesy = new Courtesy(wanted: true, leaves: false);

        courtesy.Begin();
        var during = Nice();
        courtesy.TakeTurn();
        Assert.Equal(own, Nice());
        courtesy.GiveTurn();
        Assert.Equal(during, Nice());
        courtesy.TakeTurn();

        Assert.Equal(own, Nice());
        Assert.Equal(Niceness.IsReversible() ? 19 : own, during);
    }

    [Fact]
    public void A_process_that_is_not_courteous_never_waits()
    {
        var own = Nice();
        var courtesy = new Courtesy(wanted: false);

        courtesy.Begin();
        courtesy.Done();

        Assert.Equal(own, Nice());
    }

    private static int Nice() => Niceness.Present;
}
