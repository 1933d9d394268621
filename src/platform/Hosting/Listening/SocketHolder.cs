using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text.Json;
using Microsoft.Extensions.Configuration;

namespace Provost.Hosting.Listening;

/// <summary>
/// <c>hold</c>: opens PROVOST_Listen__Http, accepts nothing, and gives the socket to each process of the same user that connects to
/// PROVOST_Listen__HandOver. So the process that serves a public port can be replaced while the port stays open.
/// </summary>
public static class SocketHolder
{
    /// <param name="args"><c>hold</c> runs until SIGTERM; <c>hold --check</c> asks whether one runs here.</param>
    public static bool IsAsked(string[] args) => args is ["hold"] or ["hold", "--check"];

    public static async Task<int> RunAsync(string[] args)
    {
        var listen = new ConfigurationBuilder().AddEnvironmentVariables("PROVOST_").Build().GetSection("Listen");
        var (http, path) = (listen["Http"] ?? "", listen["HandOver"] ?? "");
        if (!Path.IsPathRooted(path))
        {
            await Console.Error.WriteLineAsync($"PROVOST_Listen__HandOver is \"{path}\": set the absolute path of a unix socket");
            return (int)ExitCode.Configuration;
        }

        using var ending = new CancellationTokenSource();
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => End(context, ending));
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => End(context, ending));
        return args.Length == 1 ? await HoldAsync(http, path, Console.Out, ending.Token) : Check(path, Console.Out);
    }

    internal static async Task<int> HoldAsync(string http, string path, TextWriter output, CancellationToken cancellation)
    {
        try
        {
            using var held = ListeningSocket.Open("http", http);
            using var door = HandOverSocket.OpenDoor(path);
            await output.WriteLineAsync($"Holding {held} and giving it on {path}");
            await GiveAsync(held, door, output, cancellation);
            return (int)ExitCode.Success;
        }
        catch (ListeningError error)
        {
            await output.WriteLineAsync(error.Message);
            return (int)ExitCode.CannotListen;
        }
    }

    // Connections are kept: their end tells those who took the socket that its holder has ended.
    private static async Task GiveAsync(ListeningSocket held, Socket door, TextWriter output, CancellationToken cancellation)
    {
        List<Socket> takers = [];
        byte[] offer = [.. JsonSerializer.SerializeToUtf8Bytes(new HandOverOffer([new OfferedSocket(held.Name, held.Address.ToString())]), HandOverJson.Default.HandOverOffer), (byte)'\n'];
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                var taker = await door.AcceptAsync(cancellation);
                takers.RemoveAll(HasEnded);
                if (PeerCredentials.UserOf(taker) != Native.EffectiveUser())
                {
                    taker.Dispose();
                    continue;
                }
                DescriptorMessage.Send(taker, offer, [(int)held.Socket.Handle]);
                takers.Add(taker);
            }
            catch (OperationCanceledException)
            {
                break;
            }
            catch (SocketException error)
            {
                await output.WriteLineAsync($"Could not give the socket away: {error.Message}");
            }
        }

        takers.ForEach(taker => taker.Dispose());
    }

    private static bool HasEnded(Socket taker)
    {
        var ended = taker.Poll(0, SelectMode.SelectRead) && taker.Available == 0;
        if (ended)
        {
            taker.Dispose();
        }
        return ended;
    }

    private static int Check(string path, TextWriter output)
    {
        try
        {
            var (giver, descriptor) = HandOverClient.Take(path, "http");
            giver.Dispose();
            _ = Native.Close(descriptor);
            return 0;
        }
        catch (Exception error) when (error is SocketException or IOException)
        {
            output.WriteLine($"{path} does not answer: {error.Message}");
            return 1;
        }
    }

    private static void End(PosixSignalContext context, CancellationTokenSource ending)
    {
        context.Cancel = true;
        ending.Cancel();
    }
}
