using System.Net.Http.Headers;
using System.Text;
using Provost.Rendering.Process;
using Provost.Runbooks.Targets.Process;
using Provost.Runbooks.Tools;
using Provost.Topology.Environments;

namespace Provost.Runbooks.Deploy;

/// <summary>The admin listener of one gateway, wherever it runs.</summary>
internal interface IGateway : IAsyncDisposable
{
    /// <summary>Name of the replica: "gateway-1".</summary>
    string Id { get; }

    /// <summary>Throws <see cref="IOException"/> when it does not answer.</summary>
    /// <param name="body">JSON; null for none.</param>
    Task<(int Status, string Body)> SendAsync(HttpMethod method, string path, string? body, CancellationToken cancellation);
}

/// <summary>A gateway whose admin listener is a loopback port of this machine.</summary>
internal sealed class LoopbackGateway(StateDirectory state, ReplicaSpec replica) : IGateway
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    private readonly HttpClient http = new(new SocketsHttpHandler { UseProxy = false }) { Timeout = Limit };

    public string Id => replica.Id;

    public static IReadOnlyList<IGateway> In(StateDirectory state, SiteSpec spec) => [.. spec.Replicas.Where(r => r.Service == Replicas.Gateway).Select(r => new LoopbackGateway(state, r))];

    public async Task<(int Status, string Body)> SendAsync(HttpMethod method, string path, string? body, CancellationToken cancellation)
    {
        try
        {
            using var request = new HttpRequestMessage(method, new Uri($"http://127.0.0.1:{replica.Probe.Port}{path}"));
            // Read each time: the first deployment that brings one makes it only after it has asked. An older gateway needs none.
            request.Headers.Authorization = state.Secret(Secrets.Operator, Secrets.AdminToken) is { } token ? new AuthenticationHeaderValue("Bearer", token) : null;
            request.Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json");
            using var response = await http.SendAsync(request, cancellation);
            return ((int)response.StatusCode, await response.Content.ReadAsStringAsync(cancellation));
        }
        catch (Exception e) when (e is HttpRequestException || (e is TaskCanceledException && !cancellation.IsCancellationRequested))
        {
            throw new IOException(e.Message, e);
        }
    }

    public ValueTask DisposeAsync()
    {
        http.Dispose();
        return ValueTask.CompletedTask;
    }
}

/// <summary>
/// A gateway in a container, whose admin listener is reachable from nowhere: its own program, started beside it by the engine, passes
/// requests on. It works with an engine of another machine too.
/// </summary>
internal sealed class ContainerGateway(DockerEngine engine, string container, string id) : IGateway
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private readonly SemaphoreSlim turn = new(1);
    private Conversation? conversation;

    public string Id => id;

    public async Task<(int Status, string Body)> SendAsync(HttpMethod method, string path, string? body, CancellationToken cancellation)
    {
        await turn.WaitAsync(cancellation);
        try
        {
            conversation ??= engine.Converse(["exec", "--interactive", container, "/app/Provost.Gateway", "admin"]);
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            limit.CancelAfter(Limit);
            var line = await conversation.AskAsync(GatewayJson.Line(new AdminRequest(method.Method, path, body)), limit.Token);
            var answer = GatewayJson.Read(line);
            return answer.Status > 0 ? (answer.Status, answer.Body) : throw new IOException(answer.Body);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // What was asked may still be answered: the next question needs a conversation of its own.
            await EndAsync();
            cancellation.ThrowIfCancellationRequested();
            throw e as IOException ?? new IOException("no answer in time", e);
        }
        finally
        {
            turn.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        turn.Dispose();
    }

    private async Task EndAsync()
    {
        if (conversation is { } ending)
        {
            conversation = null;
            await ending.DisposeAsync();
        }
    }
}
