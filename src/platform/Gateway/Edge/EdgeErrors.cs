using Microsoft.AspNetCore.Http.Features;
using Provost.Gateway.Destinations;
using Yarp.ReverseProxy.Forwarder;

namespace Provost.Gateway.Edge;

/// <summary>Limits the size of requests, and says in words what the edge itself could not do.</summary>
internal sealed class EdgeErrors(RequestDelegate next, GatewayOptions options, Traffic traffic)
{
    private readonly long limit = options.MaxRequestMegabytes * 1024L * 1024L;

    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await AnswerAsync(context);
        }
        finally
        {
            // A WebSocket has been answered when it opened, however it ends.
            var cutOff = context.GetForwarderErrorFeature() is not null && context.Response.StatusCode != StatusCodes.Status101SwitchingProtocols;
            traffic.Answered(well: (context.Response.StatusCode < 500 && !cutOff) || context.RequestAborted.IsCancellationRequested);
        }
    }

    private async Task AnswerAsync(HttpContext context)
    {
        if (context.Request.ContentLength > limit)
        {
            context.Response.Headers.Connection = "close"; // The body is not read.
            await TooLargeAsync(context);
            return;
        }

        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = limit;
        }

        await next(context);
        if (!context.Response.HasStarted && context.GetForwarderErrorFeature() is { } failure && !context.RequestAborted.IsCancellationRequested)
        {
            await ExplainAsync(context, failure);
        }
    }

    private Task TooLargeAsync(HttpContext context) => ErrorPage.WriteAsync(
        context, StatusCodes.Status413PayloadTooLarge, "The request is too large",
        $"At most {options.MaxRequestMegabytes} MB are accepted: send a smaller file, or ask the operator to raise the limit.");

    private Task ExplainAsync(HttpContext context, IForwarderErrorFeature failure)
    {
        if (context.Response.StatusCode == StatusCodes.Status413PayloadTooLarge
            || failure.Exception is BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge })
        {
            return TooLargeAsync(context);
        }

        switch (failure.Error)
        {
            case ForwarderError.NoAvailableDestinations or ForwarderError.Request:
                context.Response.Headers.RetryAfter = "2";
                return ErrorPage.WriteAsync(context, StatusCodes.Status503ServiceUnavailable,
                    "Back in a moment", "This part of the platform is being started. Nothing is lost: try again in a few seconds.");
            case ForwarderError.RequestTimedOut:
                return ErrorPage.WriteAsync(context, StatusCodes.Status504GatewayTimeout,
                    "The answer took too long", $"Nothing came for {options.IdleSeconds} s. Try again; if it stays so, tell the operator.");
            default:
                return ErrorPage.WriteAsync(context, StatusCodes.Status502BadGateway,
                    "The answer was cut off", "Reload to see whether it was done before you try again.");
        }
    }
}
