using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Provost.Runbooks.Tests.Deploy;

/// <summary>An edge on which every smoke check of release 2.0.0 passes.</summary>
internal sealed class FakeEdge : IDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);

    public FakeEdge()
    {
        listener.Start();
        _ = AcceptAsync();
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    public void Dispose() => listener.Dispose();

    private async Task AcceptAsync()
    {
        while (true)
        {
            _ = AnswerAsync(await listener.AcceptTcpClientAsync());
        }
    }

    private static async Task AnswerAsync(TcpClient client)
    {
        using var ending = client;
        using var reader = new StreamReader(client.GetStream(), Encoding.ASCII);
        var path = (await reader.ReadLineAsync())?.Split(' ')[1];
        while (await reader.ReadLineAsync() is { Length: > 0 })
        {
        }
        var (status, body) = path switch
        {
            "/api/operator/version" => (200, """{"release":"2.0.0","schema":1,"schemaMinimum":1,"schemaMaximum":1}"""),
            "/api/session" => (200, "{}"),
            "/" => (200, """<script src="boot.js"></script>"""),
            "/boot.js" => (200, ""),
            _ => (401, ""),
        };
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(
            $"HTTP/1.1 {status} Status\r\nContent-Type: application/json\r\nCache-Control: no-cache\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n{body}"));
    }
}
