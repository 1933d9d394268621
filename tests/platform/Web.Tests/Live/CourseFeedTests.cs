using Provost.Contracts;
using Provost.Web.Live;

namespace Provost.Web.Tests.Live;

public sealed class CourseFeedTests
{
    private readonly CourseFeed feed = new();

    [Fact]
    public void A_new_page_takes_up_wherever_the_course_stands()
    {
        Assert.Equal([41], Receive(41));
        Assert.Equal([42], Receive(42));
    }

    [Fact]
    public void A_repeat_is_passed_on_once()
    {
        Receive(1);
        Receive(2);

        Assert.Empty(Receive(2));
        Assert.Empty(Receive(1));
        Assert.Equal(2, feed.Last);
    }

    [Fact]
    public void What_comes_too_early_waits_for_the_replay_and_keeps_the_order()
    {
        Receive(1);

        Assert.Empty(Receive(4));
        Assert.Empty(Receive(3));
        Assert.True(feed.IsWaiting);
        Assert.Equal([2, 3, 4], Receive(2));
        Assert.False(feed.IsWaiting);
    }

    [Fact]
    public void A_gap_that_nobody_can_fill_does_not_stop_the_page()
    {
        Receive(1);
        Receive(5);

        Assert.Equal([5], feed.GiveUpWaiting().Select(change => change.Sequence));
        Assert.Equal([6], Receive(6));
    }

    [Fact]
    public void Any_order_of_arrival_gives_every_message_once_in_order()
    {
        var random = new Random(7);
        for (var round = 0; round < 200; round++)
        {
            var stream = new CourseFeed();
            List<long> seen = [.. stream.Receive(Change(1)).Select(change => change.Sequence)];
            var arrivals = Enumerable.Range(2, 12).SelectMany(sequence => Enumerable.Repeat((long)sequence, 1 + random.Next(2))).ToArray();
            random.Shuffle(arrivals);

            foreach (var sequence in arrivals) seen.AddRange(stream.Receive(Change(sequence)).Select(change => change.Sequence));

            Assert.Equal(Enumerable.Range(1, 13).Select(sequence => (long)sequence), seen);
        }
    }

    private List<long> Receive(long sequence) => [.. feed.Receive(Change(sequence)).Select(change => change.Sequence)];

    private static CourseChange Change(long sequence) => new("math", sequence, sequence, "import", "a file was imported");
}
