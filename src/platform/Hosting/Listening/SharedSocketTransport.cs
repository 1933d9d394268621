using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging;

namespace Provost.Hosting.Listening;

/// <summary>
/// Kestrel's socket transport over sockets that may be shared: it can stop accepting without closing anything, and a process
/// that ran out of descriptors accepts again when it has some (Kestrel's own accept loop would end for good).
/// </summary>
internal sealed class SharedSocketTransport(ILoggerFactory loggers, Connections connections)
    : IConnectionListenerFactory, IConnectionListenerFactorySelector
{
    public bool CanBind(EndPoint endpoint) => endpoint is ListeningSocket;

    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        var contexts = new SocketConnectionContextFactory(
            new SocketConnectionFactoryOptions(), loggers.CreateLogger("Provost.Hosting.Listening.Connection"));
        return ValueTask.FromResult<IConnectionListener>(
            new SharedSocketListener((ListeningSocket)endpoint, contexts, connections, loggers.CreateLogger<SharedSocketListener>()));
    }
}

internal sealed partial class SharedSocketListener(
    ListeningSocket listening, SocketConnectionContextFactory contexts, Connections connections, ILogger logger) : IConnectionListener
{
    private static readonly TimeSpan ExhaustedDelay = TimeSpan.FromMilliseconds(100);

    private readonly CancellationTokenSource unbound = CancellationTokenSource.CreateLinkedTokenSource(listening.Paused);

    public EndPoint EndPoint => listening;

    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        while (!unbound.IsCancellationRequested)
        {
            try
            {
                var socket = await listening.Socket.AcceptAsync(unbound.Token);
                if (socket.ProtocolType == ProtocolType.Tcp)
                {
                    socket.NoDelay = true;
                }

                var connection = contexts.Create(socket);
                connections.Track(connection, listening.Name);
                return connection;
            }
            catch (OperationCanceledException)
            {
                return null;
            }
            catch (SocketException error) when (error.SocketErrorCode is SocketError.TooManyOpenSockets or SocketError.NoBufferSpaceAvailable)
            {
                LogExhausted(error.Message);
                await Task.Delay(ExhaustedDelay, CancellationToken.None);
            }
            catch (SocketException)
            {
                // The client had gone before it was accepted.
            }
        }

        return null;
    }

    public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        unbound.Cancel();
        return default;
    }

    public ValueTask DisposeAsync()
    {
        unbound.Cancel();
        contexts.Dispose();
        return default;
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Cannot accept a connection: {Problem}. Raise the limit of open files")]
    private partial void LogExhausted(string problem);
}
