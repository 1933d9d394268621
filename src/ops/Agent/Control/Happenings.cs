using System.Text.Json;
using System.Threading.Channels;
using Provost.Runbooks.Targets.Process;

namespace Provost.Agent.Control;

/// <summary>What happens, to the agent's log and to everybody who listens.</summary>
internal sealed class Happenings(string logFile, TimeProvider time)
{
    private const int MostWaiting = 1000;

    private readonly Lock gate = new();
    private readonly List<Channel<AgentEvent>> listeners = [];

    public string LogFile => logFile;

    public void Report(string replica, string kind, string message)
    {
        var happened = new AgentEvent(time.GetUtcNow(), replica, kind, message);
        lock (gate)
        {
            try
            {
                File.AppendAllText(logFile, JsonSerializer.Serialize(happened, AgentJson.Default.AgentEvent) + "\n");
            }
            catch (IOException)
            {
                // A full disk must not end the agent: it is the one that keeps the services alive.
            }
            listeners.ForEach(l => l.Writer.TryWrite(happened));
        }
    }

    public Channel<AgentEvent> Listen()
    {
        // A listener that does not read loses the oldest events; it never holds up the agent.
        var channel = Channel.CreateBounded<AgentEvent>(new BoundedChannelOptions(MostWaiting) { FullMode = BoundedChannelFullMode.DropOldest });
        lock (gate)
        {
            listeners.Add(channel);
        }
        return channel;
    }

    public void Leave(Channel<AgentEvent> channel)
    {
        lock (gate)
        {
            listeners.Remove(channel);
        }
    }
}
