using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Configuration;
using Provost.Hosting.Listening;

namespace Provost.Hosting.Health;

/// <summary>
/// <c>healthcheck</c>: the service's executable asks the running service whether it is ready, for container engines. An image
/// without a shell has nothing else that could. A socket and one line of HTTP: it runs every few seconds, so it must be cheap.
/// </summary>
public static class HealthProbe
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(4);

    public static bool IsAsked(string[] args) => args is ["healthcheck"];

    /// <returns>0 when ready, 1 when not or when nothing answers; what it said is on standard output.</returns>
    public static Task<int> RunAsync() => AskAsync(Address(), Console.Out);

    internal static string Address()
    {
        var listen = new ConfigurationBuilder().AddEnvironmentVariables("PROVOST_").Build().GetSection("Listen");
        return listen["Admin"] ?? listen["Http"] ?? "";
    }

    internal static async Task<int> AskAsync(string address, TextWriter output)
    {
        if (EndPointOf(address) is not { } endPoint)
        {
            await output.WriteLineAsync($"PROVOST_Listen__Admin is \"{address}\": only tcp: with a port and unix: can be asked");
            return 1;
        }
        try
        {
            using var limit = new CancellationTokenSource(Timeout);
            var (ready, body) = await GetAsync(endPoint, limit.Token);
            await output.WriteLineAsync(body);
            return ready ? 0 : 1;
        }
        catch (Exception e) when (e is SocketException or IOException or OperationCanceledException)
        {
            await output.WriteLineAsync($"{address} does not answer: {e.Message}");
            return 1;
        }
    }

    private static async Task<(bool Ready, string Body)> GetAsync(EndPoint endPoint, CancellationToken cancellation)
    {
        using var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, endPoint is UnixDomainSocketEndPoint ? ProtocolType.Unspecified : ProtocolType.Tcp);
        await socket.ConnectAsync(endPoint, cancellation);
        await socket.SendAsync("GET /health/ready HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"u8.ToArray(), cancellation);
        using var stream = new NetworkStream(socket);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        var answer = await reader.ReadToEndAsync(cancellation);
        var head = answer.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        return (answer.StartsWith("HTTP/1.1 200 ", StringComparison.Ordinal), head < 0 ? answer : answer[(head + 4)..].Trim());
    }

    /// <summary>Where this container's own listener is asked; null when it cannot be.</summary>
    internal static EndPoint? EndPointOf(string address) => ListenAddress.Parse(address) switch
    {
        ListenAddress.Tcp { EndPoint: { Port: > 0 } to } => new IPEndPoint(
            to.Address.Equals(IPAddress.Any) ? IPAddress.Loopback : to.Address.Equals(IPAddress.IPv6Any) ? IPAddress.IPv6Loopback : to.Address, to.Port),
        ListenAddress.Unix(var path) => new UnixDomainSocketEndPoint(path),
        _ => null,
    };
}
