using System.Collections.Concurrent;
using Microsoft.AspNetCore.SignalR;
using Provost.Api.State;
using Provost.Api.Telemetry;
using Provost.Contracts;

namespace Provost.Api.Live;

/// <param name="Session">Hash of the session's id: a session that ended ends its connections.</param>
internal sealed record LiveClient(HubCallerContext Context, string User, string Session)
{
    public ConcurrentDictionary<string, Watched> Courses { get; } = new();
}

/// <summary>How far one connection has been told about one course. One sender at a time, so that the order holds.</summary>
internal sealed class Watched(long delivered)
{
    public SemaphoreSlim Turn { get; } = new(1);

    public long Delivered { get; set; } = delivered;
}

/// <summary>
/// The connections of this replica and what they watch. Messages are read from the course's log, never taken from the
/// doorbell: a lost doorbell delays a message, and nothing is missed or repeated.
/// </summary>
internal sealed class LiveWatches(IHubContext<LiveHub> hub, CourseState courses, AccountState accounts, ApiMeters meters)
{
    private readonly ConcurrentDictionary<string, LiveClient> clients = new();

    public IEnumerable<LiveClient> Clients => clients.Values;

    public void Add(LiveClient client) => clients[client.Context.ConnectionId] = client;

    public void Remove(string connection) => clients.TryRemove(connection, out _);

    public LiveClient? Find(string connection) => clients.GetValueOrDefault(connection);

    /// <returns>False when the user has no role in the course.</returns>
    public async Task<bool> WatchAsync(LiveClient client, string course, long lastSequence)
    {
        if (!await IsAllowedAsync(client, course))
            return false;
        var from = Math.Max(0, lastSequence);
        if (await courses.FindAsync(course) is { } record)
        {
            if (from == 0)
                from = Math.Max(0, record.Sequence - 1);

            // Counted further than the log: the installation was restored from a backup. Go on from there.
            from = Math.Min(from, record.Sequence);
        }

        client.Courses[course] = new Watched(from);
        await DeliverAsync(client, course);
        return true;
    }

    /// <summary>Tells everybody here who watches a course what is new.</summary>
    public Task DeliverAsync(string course) =>
        Task.WhenAll(clients.Values.Where(client => client.Courses.ContainsKey(course)).Select(client => DeliverAsync(client, course)));

    /// <summary>A user's rights have changed: watches that are no longer allowed end now.</summary>
    public Task RecheckAsync(string user) => Task.WhenAll(
        from client in clients.Values
        where client.User == user
        from course in client.Courses.Keys.DefaultIfEmpty("")
        select IsAllowedAsync(client, course));

    private async Task DeliverAsync(LiveClient client, string course)
    {
        if (!client.Courses.TryGetValue(course, out var watched))
            return;
        await watched.Turn.WaitAsync();
        try
        {
            var news = await courses.ChangesAfterAsync(course, watched.Delivered);
            if (news.Length == 0 || !await IsAllowedAsync(client, course))
                return;
            foreach (var change in news)
            {
                await hub.Clients.Client(client.Context.ConnectionId).SendAsync(LiveNames.Changed, change);
                watched.Delivered = change.Sequence;
                meters.LiveSent();
            }
        }
        finally
        {
            watched.Turn.Release();
        }
    }

    private async Task<bool> IsAllowedAsync(LiveClient client, string course)
    {
        var state = await accounts.LoadAsync(client.Session, client.User, null);
        if (state.Account is null)
        {
            client.Context.Abort();
            return false;
        }

        if (state.Account.Memberships.ContainsKey(course))
            return true;
        client.Courses.TryRemove(course, out _);
        return false;
    }
}
