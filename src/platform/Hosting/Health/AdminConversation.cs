using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Provost.Hosting.Health;

/// <summary>
/// <c>admin</c>: passes requests to the admin listener of the service that runs beside it, for tools that can start a program in
/// the service's container but have no way to its network. A line of JSON on standard input is a request, a line on standard
/// output its answer, in the same order; it ends with its input.
/// </summary>
public static class AdminConversation
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    public static bool IsAsked(string[] args) => args is ["admin"];

    public static Task<int> RunAsync() => RunAsync(HealthProbe.Address(), Console.In, Console.Out);

    internal static async Task<int> RunAsync(string address, TextReader input, TextWriter output)
    {
        if (HealthProbe.EndPointOf(address) is not { } endPoint)
        {
            await output.WriteLineAsync(Answer(new AdminAnswer(0, $"PROVOST_Listen__Admin is \"{address}\": only tcp: with a port and unix: can be asked")));
            return (int)ExitCode.Configuration;
        }

        using var http = new HttpClient(Handler(endPoint)) { BaseAddress = new Uri("http://localhost"), Timeout = Limit };
        while (await input.ReadLineAsync() is { } line)
        {
            await output.WriteLineAsync(Answer(await PassAsync(http, line)));
            await output.FlushAsync();
        }

        return (int)ExitCode.Success;
    }

    private static async Task<AdminAnswer> PassAsync(HttpClient http, string line)
    {
        try
        {
            var asked = JsonSerializer.Deserialize(line, AdminJson.Default.AdminRequest) ?? throw new JsonException("the line is null");
            using var request = new HttpRequestMessage(new HttpMethod(asked.Method), asked.Path);
            if (asked.Body is not null)
            {
                request.Content = new StringContent(asked.Body, null, "application/json");
            }

            using var response = await http.SendAsync(request);
            return new AdminAnswer((int)response.StatusCode, await response.Content.ReadAsStringAsync());
        }
        catch (Exception error) when (error is JsonException or FormatException)
        {
            return new AdminAnswer((int)HttpStatusCode.BadRequest, $"no request: {error.Message}; send {{\"method\":\"GET\",\"path\":\"/health/ready\"}}");
        }
        catch (Exception error) when (error is HttpRequestException or IOException or TaskCanceledException)
        {
            return new AdminAnswer(0, error.Message);
        }
    }

    private static SocketsHttpHandler Handler(EndPoint endPoint) => new()
    {
        UseProxy = false,
        ConnectCallback = async (_, cancellation) =>
        {
            var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, endPoint is UnixDomainSocketEndPoint ? ProtocolType.Unspecified : ProtocolType.Tcp);
            await socket.ConnectAsync(endPoint, cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        },
    };

    private static string Answer(AdminAnswer answer) => JsonSerializer.Serialize(answer, AdminJson.Default.AdminAnswer);
}

/// <param name="Body">JSON as text; null for none.</param>
internal sealed record AdminRequest(string Method, string Path, string? Body = null);

/// <param name="Status">0 when the service did not answer; then the body says why.</param>
internal sealed record AdminAnswer(int Status, string Body);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(AdminRequest))]
[JsonSerializable(typeof(AdminAnswer))]
internal sealed partial class AdminJson : JsonSerializerContext;
