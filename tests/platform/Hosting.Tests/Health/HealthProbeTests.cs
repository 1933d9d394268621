using System.Net;
using System.Net.Sockets;
using System.Text;
using Provost.Hosting.Health;

namespace Provost.Hosting.Tests.Health;

public sealed class HealthProbeTests
{
    [Theory]
    [InlineData("200 OK", 0)]
    [InlineData("503 Service Unavailable", 1)]
    [InlineData("404 Not Found", 1)]
    public async Task Is_zero_only_when_the_service_is_ready(string status, int expected)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var serving = AnswerAsync(listener, status);
        var output = new StringWriter();

        var exit = await HealthProbe.AskAsync($"tcp:0.0.0.0:{((IPEndPoint)listener.LocalEndpoint).Port}", output);

        Assert.Equal(expected, exit);
        Assert.Equal("""{"status":"x"}""", output.ToString().Trim());
        Assert.StartsWith("GET /health/ready HTTP/1.1", await serving, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("fd:3")]
    [InlineData("")]
    [InlineData("tcp:127.0.0.1:1")]
    public async Task Says_why_nothing_could_be_asked(string address)
    {
        var output = new StringWriter();

        Assert.Equal(1, await HealthProbe.AskAsync(address, output));
        Assert.NotEmpty(output.ToString().Trim());
    }

    private static async Task<string> AnswerAsync(TcpListener listener, string status)
    {
        using var socket = await listener.AcceptSocketAsync();
        var buffer = new byte[1024];
        var length = await socket.ReceiveAsync(buffer);
        await socket.SendAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {status}\r\nConnection: close\r\n\r\n{{\"status\":\"x\"}}"));
        return Encoding.ASCII.GetString(buffer, 0, length);
    }
}
