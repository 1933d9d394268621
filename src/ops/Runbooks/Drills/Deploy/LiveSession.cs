using System.Net.WebSockets;
using System.Text;
using System.Text.Json;

namespace Provost.Runbooks.Drills.Deploy;

/// <summary>
/// One live connection as the page holds it: it watches the drill's course, and when it is told to reconnect it comes back
/// and asks for what came after the last message. Spoken on the wire itself, because the way a connection ends is what counts.
/// </summary>
internal sealed class LiveSession(DrillClient client, Tally tally, TimeProvider time) : IDisposable
{
    private const char End = '\x1e';
    private const int CloseRestart = 1012;
    private const int LongestMessage = 16 * 1024;
    private static readonly TimeSpan Again = TimeSpan.FromMilliseconds(100);

    private readonly HttpMessageInvoker door = new(client.Door.Handler());
    private readonly List<long> received = [];
    private readonly byte[] buffer = new byte[LongestMessage];

    /// <summary>Numbers of the messages as they came.</summary>
    public IReadOnlyList<long> Received => received;

    public long Last => received.Count == 0 ? 0 : received[^1];

    /// <summary>Complete when the first message has come: the course says where its numbering stands.</summary>
    public TaskCompletionSource Started { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public async Task RunAsync(CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            using var socket = new ClientWebSocket();
            try
            {
                await OpenAsync(socket, cancellation);
                await ListenAsync(socket, cancellation);
                tally.CountMoved();
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (e is WebSocketException or HttpRequestException or IOException or InvalidDataException or OperationCanceledException)
            {
                tally.CountCut($"live session: {e.Message}");
                await Task.Delay(Again, time, CancellationToken.None);
            }
        }
    }

    public void Dispose() => door.Dispose();

    private async Task OpenAsync(ClientWebSocket socket, CancellationToken cancellation)
    {
        socket.Options.SetRequestHeader("Cookie", client.Cookies.GetCookieHeader(client.Door.Url));
        var address = new UriBuilder(client.Door.Url) { Scheme = client.Door.Url.Scheme == "https" ? "wss" : "ws", Path = "/live" }.Uri;
        await socket.ConnectAsync(address, door, cancellation);
        await SendAsync(socket, """{"protocol":"json","version":1}""", cancellation);
        await SendAsync(socket, $$"""{"type":1,"target":"Watch","arguments":["{{client.Course}}",{{Last}}]}""", cancellation);
    }

    // Returns when the server asks for a new connection; any other end is an error.
    private async Task ListenAsync(ClientWebSocket socket, CancellationToken cancellation)
    {
        var text = new StringBuilder();
        while (true)
        {
            var part = await socket.ReceiveAsync(buffer.AsMemory(), cancellation);
            if (part.MessageType == WebSocketMessageType.Close)
            {
                if ((int?)socket.CloseStatus != CloseRestart)
                {
                    throw new InvalidDataException($"closed with {(int?)socket.CloseStatus} {socket.CloseStatusDescription}");
                }
                await socket.CloseOutputAsync(socket.CloseStatus!.Value, null, CancellationToken.None);
                return;
            }
            text.Append(Encoding.UTF8.GetString(buffer, 0, part.Count));
            if (part.EndOfMessage)
            {
                Read(text.ToString());
                text.Clear();
            }
        }
    }

    private void Read(string messages)
    {
        foreach (var message in messages.Split(End, StringSplitOptions.RemoveEmptyEntries))
        {
            using var json = JsonDocument.Parse(message);
            if (json.RootElement.TryGetProperty("target", out var target) && target.GetString() == "Changed")
            {
                lock (received)
                {
                    received.Add(json.RootElement.GetProperty("arguments")[0].GetProperty("sequence").GetInt64());
                }
                Started.TrySetResult();
            }
        }
    }

    private static Task SendAsync(ClientWebSocket socket, string message, CancellationToken cancellation) =>
        socket.SendAsync(Encoding.UTF8.GetBytes(message + End), WebSocketMessageType.Text, endOfMessage: true, cancellation);
}
