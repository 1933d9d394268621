using System.Net.WebSockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Provost.Hosting.Configuration;
using Provost.Hosting.Health;

namespace Provost.Hosting.Tests;

/// <summary>A small service on the real host: in this process, or in one of its own.</summary>
internal static class ServiceUnderTest
{
    public static WebApplication Build(string[] args, params (string Key, string Value)[] settings) =>
        Build(args, _ => { }, settings);

    public static WebApplication Build(string[] args, Action<WebApplicationBuilder> configure, params (string Key, string Value)[] settings)
    {
        var builder = ServiceHost.CreateBuilder(
            args, "test", settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)));
        builder.AddServiceOptions<SampleOptions>("Sample");
        configure(builder);
        var app = builder.Build();
        app.MapServiceEndpoints();
        app.UseWebSockets();
        app.MapGet("/who", (ServiceOptions service) => service.Replica);
        app.MapGet("/pid", () => Environment.ProcessId);
        app.MapGet("/slow/{milliseconds:int}", async (int milliseconds) =>
        {
            await Task.Delay(milliseconds);
            return "slow";
        });
        app.MapGet("/secret", (SampleOptions sample, ILoggerFactory loggers) =>
        {
            var logger = loggers.CreateLogger("Test");
#pragma warning disable CA1848, CA1873, CA2254 // A careless line is what this is about.
            logger.LogWarning("Careless: {Value} and {Secret}", sample.Password?.Reveal(), sample.Password);
#pragma warning restore CA1848, CA1873, CA2254
            return "said";
        });
        app.MapPost("/echo", async (HttpRequest request) => await new StreamReader(request.Body).ReadToEndAsync());
        app.MapGet("/headers", (HttpRequest request) => string.Join('\n', request.Headers.Select(header => $"{header.Key}: {header.Value}")));
        app.Map("/live", TickAsync);
        return app;
    }

    // Numbers in text messages of growing size, so that frames of all header sizes are sent.
    private static async Task TickAsync(HttpContext context)
    {
        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        var reading = ReadToCloseAsync(socket);
        for (var number = 0; !reading.IsCompleted && number < 100_000; number++)
        {
            var message = System.Text.Encoding.ASCII.GetBytes($"{number} {new string('x', number % 7 == 0 ? 70_000 : number % 300)}");
            await socket.SendAsync(message, WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
            await Task.Delay(2);
        }

        await reading;
    }

    private static async Task ReadToCloseAsync(WebSocket socket)
    {
        var buffer = new byte[1024];
        try
        {
            while ((await socket.ReceiveAsync(buffer, CancellationToken.None)).MessageType != WebSocketMessageType.Close)
            {
            }
        }
        catch (WebSocketException)
        {
            // The client has gone without a word.
        }
    }
}

internal sealed class SampleOptions : IServiceOptions
{
    public int Size { get; set; } = 1;

    public string? Colour { get; set; }

    public Secret? Password { get; set; }

    public IEnumerable<ConfigurationProblem> Problems()
    {
        if (Colour is "invisible")
        {
            yield return new(nameof(Colour), "is \"invisible\"", "set a colour that can be seen");
        }
    }
}
