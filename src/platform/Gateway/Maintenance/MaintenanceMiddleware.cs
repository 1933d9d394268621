using System.Globalization;
using Provost.Gateway.Edge;

namespace Provost.Gateway.Maintenance;

/// <summary>Answers 503 with a page and Retry-After while maintenance is on; operators' tools still come through.</summary>
internal sealed class MaintenanceMiddleware(RequestDelegate next, MaintenanceSwitch maintenance)
{
    public Task InvokeAsync(HttpContext context)
    {
        if (maintenance.Note is not { } note || context.Request.Path.StartsWithSegments("/api/operator") || context.Request.Path.StartsWithSegments("/health"))
        {
            return next(context);
        }

        context.Response.Headers.RetryAfter = note.RetryAfterSeconds.ToString(CultureInfo.InvariantCulture);
        return ErrorPage.WriteAsync(context, StatusCodes.Status503ServiceUnavailable, "Provost is being maintained", note.Message);
    }
}
