using System.Text.Json;
using Provost.Runbooks.Targets.Process;

namespace Provost.Runbooks.Deploy;

/// <summary>Hears what an agent reports until it is disposed, also from the agent's successor.</summary>
internal sealed class AgentWatch : IAsyncDisposable
{
    private static readonly TimeSpan Again = TimeSpan.FromMilliseconds(100);

    private readonly CancellationTokenSource ending;
    private readonly Task work;

    private AgentWatch(AgentClient agent, Action<AgentEvent> heard, TimeProvider time, CancellationToken cancellation)
    {
        ending = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        work = HearAsync(agent, heard, time, ending.Token);
    }

    public static AgentWatch Start(AgentClient agent, Action<AgentEvent> heard, TimeProvider time, CancellationToken cancellation) => new(agent, heard, time, cancellation);

    public async ValueTask DisposeAsync()
    {
        await ending.CancelAsync();
        await work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        ending.Dispose();
    }

    private static async Task HearAsync(AgentClient agent, Action<AgentEvent> heard, TimeProvider time, CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                await foreach (var happened in agent.EventsAsync(cancellation))
                {
                    heard(happened);
                }
            }
            catch (Exception e) when (e is HttpRequestException or IOException or JsonException)
            {
                // It ended: another one may come.
            }
            await Task.Delay(Again, time, cancellation);
        }
    }
}
