namespace Provost.Agent.Supervision;

/// <summary>Time before the next start: none at first, then doubling. A replica that served for a while starts from none again.</summary>
internal sealed class Backoff
{
    private const int CrashLoopAfter = 3;
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan ServedForAWhile = TimeSpan.FromSeconds(5);

    private int quickEnds;

    public bool IsCrashLoop => quickEnds >= CrashLoopAfter;

    /// <param name="served">How long the replica was ready before it ended; null when it never was.</param>
    public TimeSpan AfterEnd(TimeSpan? served)
    {
        quickEnds = served >= ServedForAWhile ? 0 : quickEnds + 1;
        return quickEnds <= 1 ? TimeSpan.Zero
            : TimeSpan.FromTicks(Math.Min(Longest.Ticks, First.Ticks << Math.Min(quickEnds - 2, 16)));
    }

    public void Forget() => quickEnds = 0;
}
