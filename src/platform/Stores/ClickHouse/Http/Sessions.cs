using System.Globalization;
using System.Text;
using Provost.Stores.ClickHouse.Engine;

namespace Provost.Stores.ClickHouse.Http;

/// <summary>What a request says of its session.</summary>
internal sealed record SessionRequest(string Id, TimeSpan Timeout, bool MustExist, bool Close)
{
    private const int LongestSeconds = 3600;

    public static SessionRequest? From(Dictionary<string, string> words, QueryErrors errors)
    {
        if (!words.TryGetValue("session_id", out var id) || id.Length == 0)
        {
            return null;
        }

        var seconds = 60;
        if (words.TryGetValue("session_timeout", out var text)
            && (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out seconds) || seconds is 0 or > LongestSeconds))
        {
            throw errors.BadArgument($"session_timeout is \"{text}\": set seconds from 1 to {LongestSeconds}");
        }

        return new(id, TimeSpan.FromSeconds(seconds), QueryRequest.IsOn(words, "session_check"), QueryRequest.IsOn(words, "close_session"));
    }
}

/// <summary>Sessions: a connection of the engine that outlives its request, for SET, USE and temporary tables.</summary>
internal sealed class Sessions(ChdbEngine engine, QueryErrors errors, TimeProvider time) : IDisposable
{
    private const int Limit = 64;

    private readonly Dictionary<string, Session> sessions = [];
    private readonly Lock gate = new();

    /// <exception cref="QueryError">It is in use (373), is missing (372), or there are too many.</exception>
    public Session Take(SessionRequest request)
    {
        lock (gate)
        {
            RemoveExpired();
            if (!sessions.TryGetValue(request.Id, out var session))
            {
                session = request.MustExist ? throw errors.SessionNotFound(request.Id)
                    : sessions.Count >= Limit ? throw errors.TooManySessions(Limit)
                    : sessions[request.Id] = new Session(engine.Open());
            }

            if (session.Busy)
            {
                throw errors.SessionLocked(request.Id);
            }

            session.Busy = true;
            return session;
        }
    }

    public void GiveBack(SessionRequest request, Session session)
    {
        lock (gate)
        {
            session.Busy = false;
            session.ExpiresAt = time.GetUtcNow() + request.Timeout;
            if (request.Close)
            {
                sessions.Remove(request.Id);
                session.Connection.Dispose();
            }
        }
    }

    /// <summary>Before the engine stops: a connection left open holds it up.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            foreach (var session in sessions.Values)
            {
                session.Connection.Dispose();
            }

            sessions.Clear();
        }
    }

    private void RemoveExpired()
    {
        var now = time.GetUtcNow();
        foreach (var (id, session) in sessions.Where(pair => !pair.Value.Busy && pair.Value.ExpiresAt < now).ToArray())
        {
            sessions.Remove(id);
            session.Connection.Dispose();
        }
    }
}

internal sealed class Session(EngineConnection connection)
{
    public EngineConnection Connection { get; } = connection;

    public bool Busy { get; set; }

    public DateTimeOffset ExpiresAt { get; set; }

    /// <summary>Whether the service's limits were set: once, so that the session's own SET stays.</summary>
    public bool Configured { get; set; }

    /// <summary>The statement that takes a request's settings back: in a session they hold for one query only.</summary>
    public string? Restoring(IReadOnlyCollection<string> settings)
    {
        if (settings.Count == 0)
        {
            return null;
        }

        var names = string.Join(", ", settings.Select(ChdbEngine.Literal));
        var result = Connection.Execute($"SELECT name, value FROM system.settings WHERE name IN ({names}) FORMAT JSONStringsEachRow");
        var old = Encoding.UTF8.GetString(result.Output).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => System.Text.Json.Nodes.JsonNode.Parse(line)!)
            .Select(row => $"{(string)row["name"]!} = {ChdbEngine.Literal((string)row["value"]!)}").ToArray();
        return old.Length == 0 ? null : $"SET {string.Join(", ", old)}";
    }
}
