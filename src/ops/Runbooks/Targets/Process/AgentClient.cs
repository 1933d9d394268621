using System.Net.Http.Json;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Provost.Runbooks.Targets.Process;

/// <summary>Talks to the agent of a state directory: HTTP over its socket.</summary>
public sealed class AgentClient : IDisposable
{
    private readonly HttpClient http;

    public AgentClient(string socket)
    {
        http = new HttpClient(new SocketsHttpHandler
        {
            ConnectCallback = async (_, cancellation) =>
            {
                var connection = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                try
                {
                    await connection.ConnectAsync(new UnixDomainSocketEndPoint(socket), cancellation);
                    return new NetworkStream(connection, ownsSocket: true);
                }
                catch
                {
                    connection.Dispose();
                    throw;
                }
            },
        })
        { BaseAddress = new Uri("http://agent"), Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>Null when no agent answers.</summary>
    public async Task<AgentStatus?> StatusAsync(CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(TimeSpan.FromSeconds(5));
        try
        {
            return await http.GetFromJsonAsync("/status", AgentJson.Default.AgentStatus, limit.Token);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or JsonException
            || (e is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            return null;
        }
    }

    /// <summary>Stops every service, stores last, then the agent.</summary>
    public Task<AgentAnswer> StopAsync(CancellationToken cancellation) => PostAsync("/stop", cancellation);

    /// <summary>Starts one replica anew, or every replica of a service, one after the other.</summary>
    public Task<AgentAnswer> RestartAsync(string replicaOrService, CancellationToken cancellation) =>
        PostAsync("/restart/" + Uri.EscapeDataString(replicaOrService), cancellation);

    /// <summary>Reads the specification again and starts anew what it changes, one replica after the other.</summary>
    public Task<AgentAnswer> ApplyAsync(CancellationToken cancellation) => PostAsync("/apply", cancellation);

    public async IAsyncEnumerable<AgentEvent> EventsAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        using var reader = new StreamReader(await http.GetStreamAsync(new Uri("/events", UriKind.Relative), cancellation));
        while (await reader.ReadLineAsync(cancellation) is { } line)
        {
            if (JsonSerializer.Deserialize(line, AgentJson.Default.AgentEvent) is { } happened)
            {
                yield return happened;
            }
        }
    }

    public void Dispose() => http.Dispose();

    private async Task<AgentAnswer> PostAsync(string path, CancellationToken cancellation)
    {
        try
        {
            using var response = await http.PostAsync(new Uri(path, UriKind.Relative), null, cancellation);
            return await response.Content.ReadFromJsonAsync(AgentJson.Default.AgentAnswer, cancellation)
                ?? new AgentAnswer(false, "the agent gave no answer");
        }
        catch (Exception e) when (e is HttpRequestException or IOException or JsonException)
        {
            return new AgentAnswer(false, $"the agent does not answer: {e.Message}");
        }
    }
}
