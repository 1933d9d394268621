using Provost.Gateway.Destinations;

namespace Provost.Gateway.Forwarding;

/// <summary>Counts what is in flight to the chosen destination, and how it ended.</summary>
internal sealed class TrafficMiddleware(RequestDelegate next, Traffic traffic, TimeProvider time)
{
    public async Task InvokeAsync(HttpContext context)
    {
        if (context.GetReverseProxyFeature().AvailableDestinations is not [var destination, ..])
        {
            await next(context);
            return;
        }

        var webSocket = context.Request.Headers.Upgrade.Count > 0 || HttpMethods.IsConnect(context.Request.Method);
        var counts = traffic.To(destination.DestinationId);
        var start = time.GetTimestamp();
        counts.Begin(webSocket);
        try
        {
            await next(context);
        }
        finally
        {
            counts.End(webSocket);
            if (!webSocket && !context.RequestAborted.IsCancellationRequested)
            {
                counts.Note(time.GetElapsedTime(start), well: context.Response.StatusCode < 500 && context.GetForwarderErrorFeature() is null);
            }
        }
    }
}
