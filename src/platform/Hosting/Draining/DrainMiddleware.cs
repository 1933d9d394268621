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

    // HTTP/1.1 closes after this answer; HTTP/2 sends GOAWAY. An upgrade has a Connection header of its own.
    private Task CloseWhenDraining(object state)
    {
        var response = ((HttpContext)state).Response;
        if (drain.HasBegun && response.StatusCode != StatusCodes.Status101SwitchingProtocols)
        {
            response.Headers.Connection = "close";
        }

        return Task.CompletedTask;
    }
}
