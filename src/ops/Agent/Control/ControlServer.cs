using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Provost.Agent.Supervision;
using Provost.Runbooks.Targets.Process;

namespace Provost.Agent.Control;

/// <summary>
/// HTTP/1.1 on the agent's socket, one request for each connection, no bodies in. Small on purpose: the agent shall not
/// carry a web server's memory. Whoever may open the socket (its directory is 0700) may ask anything.
/// </summary>
internal sealed class ControlServer(Site site, StateDirectory state, Happenings happenings, CancellationTokenSource stopped) : IDisposable
{
    private const int LongestHead = 8192;
    private readonly Socket listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);

    public async Task RunAsync(CancellationToken cancellation)
    {
        File.Delete(state.AgentSocket);
        listener.Bind(new UnixDomainSocketEndPoint(state.AgentSocket));
        listener.Listen(32);
        while (!cancellation.IsCancellationRequested)
        {
            var connection = await listener.AcceptAsync(cancellation);
            _ = AnswerAsync(connection, cancellation);
        }
    }

    public void Dispose() => listener.Dispose();

    private async Task AnswerAsync(Socket connection, CancellationToken cancellation)
    {
        await using var stream = new NetworkStream(connection, ownsSocket: true);
        try
        {
            switch (await ReadRequestAsync(stream, cancellation))
            {
                case "GET /status":
                    await SendAsync(stream, 200, JsonSerializer.SerializeToUtf8Bytes(site.Status(), AgentJson.Default.AgentStatus), cancellation);
                    break;
                case "GET /events":
                    await StreamEventsAsync(stream, cancellation);
                    break;
                case "POST /stop":
                    await StopAsync(stream, cancellation);
                    break;
                case "POST /apply":
                    await SendAsync(stream, await ApplyAsync(cancellation), cancellation);
                    break;
                case { } request when request.StartsWith("POST /restart/", StringComparison.Ordinal):
                    var problem = await site.RestartAsync(Uri.UnescapeDataString(request["POST /restart/".Length..]), cancellation);
                    await SendAsync(stream, new AgentAnswer(problem is null, problem), cancellation);
                    break;
                default:
                    await SendAsync(stream, 404, "{}"u8.ToArray(), cancellation);
                    break;
            }
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException)
        {
            // The caller has gone, or the agent is going.
        }
    }

    // Who asked may have been killed meanwhile: an agent without services would only stand in the way of the next one.
    private async Task StopAsync(NetworkStream stream, CancellationToken cancellation)
    {
        await site.StopAsync(cancellation);
        try
        {
            await SendAsync(stream, new AgentAnswer(true, null), cancellation);
        }
        finally
        {
            await stopped.CancelAsync();
        }
    }

    private async Task<AgentAnswer> ApplyAsync(CancellationToken cancellation)
    {
        try
        {
            var problem = await site.ApplyAsync(state.ReadSiteSpec()!, cancellation);
            return new AgentAnswer(problem is null, problem);
        }
        catch (Runbooks.OperationError e)
        {
            return new AgentAnswer(false, $"{e.Message}. {e.Remedy}");
        }
    }

    private static async Task<string?> ReadRequestAsync(NetworkStream stream, CancellationToken cancellation)
    {
        var buffer = new byte[LongestHead];
        var length = 0;
        while (length < buffer.Length)
        {
            var read = await stream.ReadAsync(buffer.AsMemory(length), cancellation);
            if (read == 0)
            {
                return null;
            }
            length += read;
            var head = Encoding.ASCII.GetString(buffer, 0, length);
            if (head.Contains("\r\n\r\n", StringComparison.Ordinal))
            {
                return head[..head.IndexOf('\r', StringComparison.Ordinal)].Split(' ') is [var method, var path, _] ? $"{method} {path}" : null;
            }
        }
        return null;
    }

    private async Task StreamEventsAsync(NetworkStream stream, CancellationToken cancellation)
    {
        await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Type: application/x-ndjson\r\nConnection: close\r\n\r\n"u8.ToArray(), cancellation);
        var channel = happenings.Listen();
        try
        {
            await foreach (var happened in channel.Reader.ReadAllAsync(cancellation))
            {
                await stream.WriteAsync(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(happened, AgentJson.Default.AgentEvent) + "\n"), cancellation);
            }
        }
        finally
        {
            happenings.Leave(channel);
        }
    }

    private static Task SendAsync(NetworkStream stream, AgentAnswer answer, CancellationToken cancellation) =>
        SendAsync(stream, 200, JsonSerializer.SerializeToUtf8Bytes(answer, AgentJson.Default.AgentAnswer), cancellation);

    private static async Task SendAsync(NetworkStream stream, int status, byte[] body, CancellationToken cancellation)
    {
        var head = $"HTTP/1.1 {status} {(status == 200 ? "OK" : "Not Found")}\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n";
        await stream.WriteAsync(Encoding.ASCII.GetBytes(head).Concat(body).ToArray(), cancellation);
    }
}
