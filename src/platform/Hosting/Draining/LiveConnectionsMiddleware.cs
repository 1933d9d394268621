using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Provost.Hosting.Draining;

/// <summary>Puts a <see cref="LiveStream"/> under every WebSocket, whether it is served here or only passed on.</summary>
internal sealed class LiveConnectionsMiddleware(RequestDelegate next, LiveConnections live)
{
    public Task InvokeAsync(HttpContext context)
    {
        if (context.Features.Get<IHttpUpgradeFeature>() is { IsUpgradableRequest: true } upgrade
            && context.Request.Headers.Upgrade.ToString().Equals("websocket", StringComparison.OrdinalIgnoreCase))
        {
            var tracked = new TrackedUpgrade(upgrade, live);
            context.Features.Set<IHttpUpgradeFeature>(tracked);
            return ServeAsync(context, tracked);
        }

        if (context.Features.Get<IHttpExtendedConnectFeature>() is { IsExtendedConnect: true, Protocol: "websocket" } connect)
        {
            var tracked = new TrackedConnect(connect, live);
            context.Features.Set<IHttpExtendedConnectFeature>(tracked);
            return ServeAsync(context, tracked);
        }

        return next(context);
    }

    private async Task ServeAsync(HttpContext context, Tracked tracked)
    {
        try
        {
            await next(context);
        }
        finally
        {
            live.Forget(tracked.Stream);
        }
    }

    private abstract class Tracked
    {
        public LiveStream? Stream { get; protected set; }
    }

    private sealed class TrackedUpgrade(IHttpUpgradeFeature inner, LiveConnections live) : Tracked, IHttpUpgradeFeature
    {
        public bool IsUpgradableRequest => inner.IsUpgradableRequest;

        public async Task<Stream> UpgradeAsync() => Stream = live.Track(await inner.UpgradeAsync());
    }

    private sealed class TrackedConnect(IHttpExtendedConnectFeature inner, LiveConnections live) : Tracked, IHttpExtendedConnectFeature
    {
        public bool IsExtendedConnect => inner.IsExtendedConnect;

        public string? Protocol => inner.Protocol;

        public async ValueTask<Stream> AcceptAsync() => Stream = live.Track(await inner.AcceptAsync());
    }
}
