using Provost.Hosting.Telemetry;
using Yarp.ReverseProxy.Forwarder;

namespace Provost.Gateway.Forwarding;

/// <summary>Connections to replicas: how they are opened, and how long they are used.</summary>
internal sealed class ReplicaConnections(GatewayOptions options, TracesOptions traces) : ForwarderHttpClientFactory
{
    // Below the replicas' keep-alive timeout, so that it is us who close idle connections.
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(60);

    protected override void ConfigureHandler(ForwarderHttpClientContext context, SocketsHttpHandler handler)
    {
        base.ConfigureHandler(context, handler);
        if (!traces.AreExported)
        {
            // Nobody collects spans: the client need not make one for each request.
            handler.ActivityHeadersPropagator = null;
        }

        handler.ConnectCallback = AnsweredConnection.OpenAsync;
        handler.PooledConnectionIdleTimeout = Idle;
        if (options.ConnectionSeconds > 0)
        {
            handler.PooledConnectionLifetime = TimeSpan.FromSeconds(options.ConnectionSeconds);
        }
    }
}
