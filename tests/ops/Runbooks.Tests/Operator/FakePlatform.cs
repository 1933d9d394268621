using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Provost.Rendering.Process;
using Provost.Runbooks.Targets.Process;
using Provost.Runbooks.Tools;

namespace Provost.Runbooks.Tests.Operator;

/// <summary>A platform that answers each request with the next of its answers; null breaks the connection off.</summary>
internal sealed class FakePlatform : IDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly Queue<string?> answers;

    public FakePlatform(StateDirectory state, params string?[] answers)
    {
        this.answers = new Queue<string?>(answers);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        SecretFiles.Ensure(state);
        var spec = new SiteSpec(
            "test", "local", "1", "", $"http://localhost:{port}", state.Root, state.Run, [new SocketSpec("public", "127.0.0.1", port)], [],
            new ProbeSpec(1, 1, 3, 10), new LogSpec(1 << 20, 2), null);
        PrivateFiles.Write(state.SiteSpec, JsonSerializer.SerializeToUtf8Bytes(spec, SiteSpecJson.Default.SiteSpec));
        _ = ServeAsync();
    }

    /// <summary>Head and body of each request, as Latin-1.</summary>
    public List<string> Requests { get; } = [];

    public static string Ok(string body, string type = "application/json") =>
        $"HTTP/1.1 200 OK\r\nContent-Type: {type}\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\nConnection: close\r\n\r\n{body}";

    public static string Status(int status, string body) =>
        $"HTTP/1.1 {status} Status\r\nContent-Type: application/problem+json\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\nConnection: close\r\n\r\n{body}";

    public void Dispose() => listener.Dispose();

    private async Task ServeAsync()
    {
        while (answers.TryDequeue(out var answer))
        {
            using var client = await listener.AcceptTcpClientAsync();
            await using var stream = client.GetStream();
            Requests.Add(await ReadAsync(stream));
            if (answer is null)
            {
                client.Client.LingerState = new LingerOption(true, 0);
                continue;
            }
            await stream.WriteAsync(Encoding.UTF8.GetBytes(answer));
        }
    }

    private static async Task<string> ReadAsync(NetworkStream stream)
    {
        var text = new StringBuilder();
        var buffer = new byte[65536];
        while (!IsComplete(text.ToString()))
        {
            var read = await stream.ReadAsync(buffer);
            if (read == 0)
            {
                break;
            }
            text.Append(Encoding.Latin1.GetString(buffer, 0, read));
        }
        return text.ToString();
    }

    private static bool IsComplete(string text)
    {
        var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        if (end < 0)
        {
            return false;
        }
        var head = text[..end];
        var length = head.Split("\r\n").FirstOrDefault(l => l.StartsWith("Content-Length: ", StringComparison.OrdinalIgnoreCase));
        return head.Contains("Transfer-Encoding: chunked", StringComparison.OrdinalIgnoreCase)
            ? text.EndsWith("0\r\n\r\n", StringComparison.Ordinal)
            : length is null || text.Length - end - 4 >= int.Parse(length[16..], System.Globalization.CultureInfo.InvariantCulture);
    }
}
