namespace Provost.Runbooks.Drills.Deploy;

/// <summary>What the clients of the drill noticed.</summary>
/// <param name="Sent">Requests: pages, data, changes, streams.</param>
/// <param name="Streams">Requests of more than a second whose answer is streamed, and which came to their end.</param>
/// <param name="Failed">Answered with an error.</param>
/// <param name="Lost">Never answered, or acknowledged and not done.</param>
/// <param name="Duplicated">Changes that were done more often than they were acknowledged.</param>
/// <param name="LongestGapMs">Longest time in which no client got a good answer.</param>
/// <param name="LongestGapAt">What was being replaced when it ended.</param>
/// <param name="WaitP99Ms">What 99 of 100 clients did not wait longer than for a good answer, or, within a stream, for the server to take or to send the next part.</param>
/// <param name="LongestWaitMs">What the one that waited longest did.</param>
/// <param name="LongestWaitAt">What that one waited for, and what was being replaced.</param>
/// <param name="Sessions">Live connections that were held open.</param>
/// <param name="SessionsMoved">Times that one of them was told to reconnect (close 1012) and did.</param>
/// <param name="SessionsCut">Times that one of them was cut off without a word.</param>
/// <param name="Messages">Live messages that should arrive, over all sessions.</param>
/// <param name="AssetErrors">Files of a page, of whichever release, that were not there.</param>
/// <param name="BrokenOff">Why not everything was replaced, and where the site is; null when it was.</param>
/// <param name="Passed">Whether everything above is as promised.</param>
/// <param name="Problems">What was not, in words; at most a few of a kind.</param>
public sealed record DrillFigures(
    int Rolls, int Rollbacks, int GatewaySwaps, int AgentRestarts, double DurationSeconds, long Sent, long Streams, long Failed, long Lost, long Duplicated, double LongestGapMs, string? LongestGapAt,
    int WaitP99Ms, double LongestWaitMs, string? LongestWaitAt, int Sessions, long SessionsMoved, long SessionsCut, long Messages, long MessagesMissed, long MessagesRepeated, long AssetErrors, string? BrokenOff,
    bool Passed, IReadOnlyList<string> Problems);

/// <summary>Counts of all clients of a drill. Problems are kept in words, but not without end.</summary>
internal sealed class Tally(TimeProvider time)
{
    private const int KeptProblems = 20;

    private readonly Lock gate = new();
    private readonly List<string> problems = [];
    private long sent;
    private long failed;
    private long lost;
    private long moved;
    private long cut;
    private long assetErrors;
    private long streams;

    public Answers Answers { get; } = new(time);

    public long Sent => Volatile.Read(ref sent);

    public long Failed => Volatile.Read(ref failed);

    public long Lost => Volatile.Read(ref lost);

    public long Moved => Volatile.Read(ref moved);

    public long Cut => Volatile.Read(ref cut);

    public long AssetErrors => Volatile.Read(ref assetErrors);

    public long Streams => Volatile.Read(ref streams);

    public IReadOnlyList<string> Problems
    {
        get
        {
            lock (gate)
            {
                return [.. problems];
            }
        }
    }

    public void CountSent() => Interlocked.Increment(ref sent);

    public void CountStream() => Interlocked.Increment(ref streams);

    public void CountMoved() => Interlocked.Increment(ref moved);

    public void CountFailed(string what) => Count(ref failed, what);

    public void CountLost(string what) => Count(ref lost, what);

    public void CountCut(string what) => Count(ref cut, what);

    public void CountAssetError(string what) => Count(ref assetErrors, what);

    private void Count(ref long counter, string what)
    {
        Interlocked.Increment(ref counter);
        lock (gate)
        {
            if (problems.Count < KeptProblems)
            {
                problems.Add(what);
            }
        }
    }
}
