using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Provost.Hosting.Listening;

namespace Provost.Hosting.Logging;

/// <summary>
/// One line for each request, with the route instead of the address: addresses may carry tokens and names. What only reads
/// and succeeds quickly is worth a metric, not a line: it is logged at Debug.
/// </summary>
internal sealed partial class RequestLogMiddleware(RequestDelegate next, TimeProvider time, ILogger<RequestLogMiddleware> logger)
{
    private const double SlowMilliseconds = 1000;

    public async Task InvokeAsync(HttpContext context)
    {
        var started = time.GetTimestamp();
        try
        {
            await next(context);
        }
        finally
        {
            Log(context, Math.Round(time.GetElapsedTime(started).TotalMilliseconds, 2));
        }
    }

    private void Log(HttpContext context, double milliseconds)
    {
        var level = Level(context, milliseconds);
        if (logger.IsEnabled(level))
        {
            // The exception handler takes the endpoint away and keeps it for us.
            var endpoint = context.GetEndpoint() ?? context.Features.Get<IExceptionHandlerFeature>()?.Endpoint;
            var route = (endpoint as RouteEndpoint)?.RoutePattern.RawText ?? "(none)";
            LogRequest(level, context.Request.Method, route, context.Response.StatusCode, milliseconds);
        }
    }

    private static LogLevel Level(HttpContext context, double milliseconds) => context.Response.StatusCode switch
    {
        // Probes come every second, and readiness logs its own changes.
        _ when context.GetEndpoint()?.Metadata.GetMetadata<AdminEndpoint>() is not null => LogLevel.Debug,
        _ when context.Features.Get<ListenerFeature>() is { Name: "admin" } => LogLevel.Debug,
        // A client that leaves is not an error of ours.
        >= 500 when !context.RequestAborted.IsCancellationRequested => LogLevel.Warning,
        StatusCodes.Status101SwitchingProtocols => LogLevel.Debug,
        >= 400 => LogLevel.Information,
        _ when milliseconds >= SlowMilliseconds => LogLevel.Information,
        _ when HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method) => LogLevel.Debug,
        _ => LogLevel.Information,
    };

    [LoggerMessage(Message = "{Method} {Route} {Status} in {Milliseconds} ms")]
    private partial void LogRequest(LogLevel level, string method, string route, int status, double milliseconds);
}
