using Provost.Contracts;

namespace Provost.Web.Live;

/// <summary>
/// One course's numbered messages, each passed on once and in order. What comes too early waits for what is missing;
/// <see cref="IsWaiting"/> says that a replay is due. Pure.
/// </summary>
internal sealed class CourseFeed
{
    private readonly SortedDictionary<long, CourseChange> early = [];

    /// <summary>Sequence of the last message that was passed on; 0 before the first.</summary>
    public long Last { get; private set; }

    /// <summary>Messages came that cannot be passed on yet.</summary>
    public bool IsWaiting => early.Count > 0;

    /// <summary>What can be passed on now that this message came: nothing for a repeat.</summary>
    public IReadOnlyList<CourseChange> Receive(CourseChange change)
    {
        // A first message may carry any number: the course is older than this page.
        if (Last > 0 && change.Sequence <= Last) return [];
        early[change.Sequence] = change;
        if (Last == 0) Last = change.Sequence - 1;
        return Drain();
    }

    /// <summary>The server could not fill the gap (its memory is bounded): go on with what came.</summary>
    public IReadOnlyList<CourseChange> GiveUpWaiting()
    {
        if (early.Count == 0) return [];
        Last = early.Keys.First() - 1;
        return Drain();
    }

    private List<CourseChange> Drain()
    {
        List<CourseChange> ready = [];
        while (early.Remove(Last + 1, out var next))
        {
            ready.Add(next);
            Last++;
        }

        return ready;
    }
}
