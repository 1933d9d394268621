namespace Provost.Contracts;

/// <summary>Names on the live connection (SignalR hub at /live). The server sends, in one order per course, numbered messages.</summary>
public static class LiveNames
{
    public const string Path = "/live";

    /// <summary>
    /// Client to server: Watch(course, lastSequence). The server replays what came after lastSequence, then streams. A new page
    /// sends 0 and gets the latest message first, if there is one: it tells where the stream stands.
    /// </summary>
    public const string Watch = "Watch";

    /// <summary>Client to server: Unwatch(course).</summary>
    public const string Unwatch = "Unwatch";

    /// <summary>Server to client: Changed(CourseChange).</summary>
    public const string Changed = "Changed";

    /// <summary>Server to client: Importing(ImportProgress), to the one who imports.</summary>
    public const string Importing = "Importing";

    /// <summary>Server to client: Leaving(DrainNotice): reconnect after the given delay, another replica takes over.</summary>
    public const string Leaving = "Leaving";
}

/// <param name="Sequence">1, 2, 3 ... per course, without a gap.</param>
/// <param name="Version">The course's data version after the change.</param>
/// <param name="Kind">import, settings or erasure.</param>
public sealed record CourseChange(string Course, long Sequence, long Version, string Kind, string Text);

public sealed record DrainNotice(int ReconnectAfterMilliseconds, string Release);
