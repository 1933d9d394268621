namespace Provost.Runbooks.Drills.Deploy;

/// <summary>How long one stream waited for the server at most. What the client itself pauses between two parts is no wait.</summary>
internal sealed class StreamWaits(TimeProvider time)
{
    private readonly Lock gate = new();
    private long? since;
    private bool isSent;
    private TimeSpan longest;

    public TimeSpan Longest
    {
        get
        {
            lock (gate)
            {
                return longest;
            }
        }
    }

    /// <summary>From now on the client waits.</summary>
    public void Begin()
    {
        lock (gate)
        {
            since = time.GetTimestamp();
        }
    }

    /// <summary>The server did its part.</summary>
    public void End()
    {
        lock (gate)
        {
            Note();
            since = null;
        }
    }

    /// <summary>Everything was sent: from now on the client waits for lines.</summary>
    public void Sent()
    {
        lock (gate)
        {
            (isSent, since) = (true, time.GetTimestamp());
        }
    }

    /// <summary>A line came. Before everything was sent nobody waits for one.</summary>
    public void Next()
    {
        lock (gate)
        {
            if (isSent)
            {
                Note();
                since = time.GetTimestamp();
            }
        }
    }

    private void Note()
    {
        if (since is { } begin && time.GetElapsedTime(begin) is var wait && wait > longest)
        {
            longest = wait;
        }
    }
}
