using System.Globalization;
using Microsoft.AspNetCore.SignalR;
using Provost.Api.Accounts;

namespace Provost.Api.Live;

/// <summary>The live connection: WebSockets only, for who is signed in; each course is authorised when watched and with every message.</summary>
internal sealed class LiveHub(LiveWatches watches) : Hub
{
    private const int MostWatches = 50;

    public override Task OnConnectedAsync()
    {
        var viewer = Context.GetHttpContext()?.Features.Get<Viewer>() ?? throw new HubException("You are not signed in");
        watches.Add(new LiveClient(Context, viewer.User, viewer.Session));
        return Task.CompletedTask;
    }

    public override Task OnDisconnectedAsync(Exception? exception)
    {
        watches.Remove(Context.ConnectionId);
        return Task.CompletedTask;
    }

    /// <summary>Sends what came after <paramref name="lastSequence"/>, then everything that comes. 0 begins with the latest message.</summary>
    public async Task Watch(string course, long lastSequence)
    {
        if (watches.Find(Context.ConnectionId) is not { } client)
            return;
        if (client.Courses.Count >= MostWatches)
            throw new HubException(string.Create(CultureInfo.InvariantCulture, $"You watch {MostWatches} courses already: unwatch one first"));
        if (!await watches.WatchAsync(client, course, lastSequence))
            throw new HubException("You may not watch this course");
    }

    public Task Unwatch(string course)
    {
        watches.Find(Context.ConnectionId)?.Courses.TryRemove(course, out _);
        return Task.CompletedTask;
    }
}

internal sealed class LiveUsers : IUserIdProvider
{
    public string? GetUserId(HubConnectionContext connection) => connection.User.Identity?.Name;
}
