using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Provost.Hosting.Listening;

namespace Provost.Hosting.Draining;

/// <summary>Counts requests in flight, and while draining asks clients to come back on a new connection.</summary>
internal sealed class DrainMiddleware(RequestDelegate next, Drain drain)
{
    public async Task InvokeAsync(HttpContext context)
    {
        if (context.Features.Get<ListenerFeature>() is { Name: "admin" })
        {
            await next(context);
            return;
        }

        drain.RequestStarted();
        try
        {
            context.Response.OnStarting(CloseWhenDraining, context);
            await next(context);
        }
        finally
        {
            drain.RequestEnded();
        }
    }

    // HTTP/1.1 closes after this answer; an upgrade has a Connection header of its own. HTTP/2 has no such header: GOAWAY.
    private Task CloseWhenDraining(object state)
    {
        var context = (HttpContext)state;
        if (!drain.HasBegun || context.Response.StatusCode == StatusCodes.Status101SwitchingProtocols)
        {
            return Task.CompletedTask;
        }

        if (HttpProtocol.IsHttp2(context.Request.Protocol))
        {
            context.Features.Get<IConnectionLifetimeNotificationFeature>()?.RequestClose();
        }
        else
        {
            context.Response.Headers.Connection = "close";
        }

        return Task.CompletedTask;
    }
}
