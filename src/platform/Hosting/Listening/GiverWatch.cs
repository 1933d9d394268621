using System.Net.Sockets;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Provost.Hosting.Listening;

/// <summary>
/// Ends this process when the one that gave it the public socket has ended: nobody reaches the old socket any more, and whoever
/// starts this process anew gives it the chance to take the next one.
/// </summary>
internal sealed partial class GiverWatch(ListeningSockets sockets, IHostApplicationLifetime lifetime, ILogger<GiverWatch> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.WhenAny([Task.Delay(Timeout.Infinite, stoppingToken), .. sockets.All.Select(socket => socket.Giver).OfType<Socket>().Select(giver => EndOfAsync(giver, stoppingToken))]);
        if (!stoppingToken.IsCancellationRequested)
        {
            LogGone();
            lifetime.StopApplication();
        }
    }

    private static async Task EndOfAsync(Socket giver, CancellationToken cancellation)
    {
        try
        {
            // It sends nothing more: what comes is its end.
            _ = await giver.ReceiveAsync(new byte[1], cancellation);
        }
        catch (SocketException)
        {
            // Its end too.
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The holder of the public socket has ended: this process ends too, to take the next one when it is started anew")]
    private partial void LogGone();
}
