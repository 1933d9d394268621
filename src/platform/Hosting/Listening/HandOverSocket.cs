using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Provost.Hosting.Listening;

/// <summary>
/// Gives the listening sockets to a process of the same user that connects: a restarted agent, or the next gateway. One
/// message: a line of JSON that names the sockets, with their descriptors beside it (SCM_RIGHTS) in the same order.
/// </summary>
internal sealed partial class HandOverSocket(ListeningOptions options, ListeningSockets sockets, ILogger<HandOverSocket> logger)
    : BackgroundService
{
    private Socket? listener;

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        if (options.HandOver is { } path && !OperatingSystem.IsWindows())
        {
            listener = OpenDoor(path);
        }

        return base.StartAsync(cancellationToken);
    }

    // Renamed into place: the predecessor may still listen under this name, and nobody finds it half made.
    internal static Socket OpenDoor(string path)
    {
        var unnamed = $"{path}.{Environment.ProcessId}";
        var door = ListeningSocket.Open("handOver", $"unix:{unnamed}").Socket;
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(unnamed, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        File.Move(unnamed, path, overwrite: true);
        return door;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (listener is not null && !stoppingToken.IsCancellationRequested)
        {
            try
            {
                using var client = await listener.AcceptAsync(stoppingToken);
                GiveSockets(client);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (SocketException error)
            {
                LogProblem(error.Message);
            }
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        listener?.Dispose();
        // The path may be the successor's by now: it is not ours to delete. A stale one is replaced at the next start.
    }

    private void GiveSockets(Socket client)
    {
        var user = PeerCredentials.UserOf(client);
        if (user != Native.EffectiveUser())
        {
            LogRefused(user);
            return;
        }

        var offer = new HandOverOffer([.. sockets.All.Select(socket => new OfferedSocket(socket.Name, socket.Address.ToString()))]);
        byte[] line = [.. JsonSerializer.SerializeToUtf8Bytes(offer, HandOverJson.Default.HandOverOffer), (byte)'\n'];
        DescriptorMessage.Send(client, line, [.. sockets.All.Select(socket => (int)socket.Socket.Handle)]);
        LogGiven(sockets.All.Count);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Gave {Count} listening socket(s) to another process of this user")]
    private partial void LogGiven(int count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Refused the listening sockets to a process of user {User}")]
    private partial void LogRefused(uint user);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Could not give the listening sockets away: {Problem}")]
    private partial void LogProblem(string problem);
}

internal sealed record HandOverOffer(IReadOnlyList<OfferedSocket> Sockets);

internal sealed record OfferedSocket(string Name, string Listen);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(HandOverOffer))]
internal sealed partial class HandOverJson : JsonSerializerContext;
