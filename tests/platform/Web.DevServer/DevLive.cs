using System.Collections.Concurrent;
using Microsoft.AspNetCore.SignalR;
using Provost.Contracts;

namespace Provost.Web.DevServer;

/// <summary>The numbered messages of each course, kept for replay.</summary>
internal sealed class DevLive(IHubContext<DevHub> hub, DevState state)
{
    private readonly ConcurrentDictionary<string, List<CourseChange>> sent = [];

    /// <summary>Who asked from which sequence on: for tests.</summary>
    public ConcurrentQueue<(string Course, long Last)> Watches { get; } = [];

    public async Task PublishAsync(string course, long version, string kind, string text)
    {
        var messages = sent.GetOrAdd(course, _ => []);
        CourseChange change;
        lock (messages)
        {
            change = new CourseChange(course, messages.Count + 1, version, kind, text);
            messages.Add(change);
            state.Sequences[course] = change.Sequence;
        }

        await hub.Clients.Group(course).SendAsync(LiveNames.Changed, change);
    }

    /// <summary>What a deployment looks like from a page: its replica leaves, and whoever asks from now on meets the next release.</summary>
    public Task LeaveAsync(int milliseconds, string next)
    {
        var notice = new DrainNotice(milliseconds, state.Release);
        state.Release = next;
        return hub.Clients.All.SendAsync(LiveNames.Leaving, notice);
    }

    public IReadOnlyList<CourseChange> After(string course, long last)
    {
        var messages = sent.GetOrAdd(course, _ => []);
        // As the Api does: a new page asks from 0 on and gets the latest message alone.
        lock (messages) return [.. messages.Where(message => message.Sequence > (last == 0 ? messages.Count - 1 : last))];
    }
}

internal sealed class DevHub(DevLive live) : Hub
{
    public async Task Watch(string course, long lastSequence)
    {
        live.Watches.Enqueue((course, lastSequence));
        await Groups.AddToGroupAsync(Context.ConnectionId, course);
        foreach (var change in live.After(course, lastSequence)) await Clients.Caller.SendAsync(LiveNames.Changed, change);
    }

    public Task Unwatch(string course) => Groups.RemoveFromGroupAsync(Context.ConnectionId, course);
}
