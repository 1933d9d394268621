using System.Diagnostics;

namespace Provost.Api.Telemetry;

/// <summary>Spans of this service's own; requests, and ClickHouse as calls over HTTP, come with Hosting.</summary>
internal static class ApiTraces
{
    private static readonly ActivitySource Source = new("Provost.Api");

    /// <summary>
    /// A span within what is going on; null where nobody traces. What runs by itself in the background begins no trace: a poll
    /// every second would drown those that people wait for.
    /// </summary>
    public static Activity? Redis(string operation)
    {
        if (Activity.Current is null || Source.StartActivity($"redis {operation}", ActivityKind.Client) is not { } span)
            return null;
        span.SetTag("db.system.name", "redis");
        span.SetTag("db.operation.name", operation);
        return span;
    }
}
