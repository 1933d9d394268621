using Microsoft.Extensions.Time.Testing;
using Provost.Runbooks.Drills.Deploy;

namespace Provost.Runbooks.Tests.Drills;

public sealed class StreamWaitsTests
{
    private readonly FakeTimeProvider time = new();

    [Fact]
    public void The_longest_wait_for_the_server_counts_and_not_what_the_client_pauses()
    {
        var waits = new StreamWaits(time);
        waits.Begin();
        Pass(30);
        waits.End();
        Pass(900);
        waits.Begin();
        Pass(40);
        waits.End();
        waits.Sent();
        Pass(250);
        waits.Next();
        Pass(120);
        waits.Next();

        Assert.Equal(250, waits.Longest.TotalMilliseconds);
    }

    [Fact]
    public void A_line_that_comes_before_everything_was_sent_is_waited_for_by_nobody()
    {
        var waits = new StreamWaits(time);
        waits.Begin();
        waits.End();
        Pass(700);
        waits.Next();
        Pass(700);
        waits.Sent();
        Pass(10);
        waits.Next();

        Assert.Equal(10, waits.Longest.TotalMilliseconds);
    }

    private void Pass(int milliseconds) => time.Advance(TimeSpan.FromMilliseconds(milliseconds));
}
